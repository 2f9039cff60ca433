"""Criteria trees over facts: judged for one subject, compiled for all, explained and linted. No tables of its own.

Read ``vocabulary`` (what can be asked), ``tree`` (what a rule looks like) and ``formula`` (what it means) first;
``judge``, ``sql``, ``explain`` and ``linter`` each do one thing with that.
"""
