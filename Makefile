# Each target does all the set-up it needs; only python3 (3.11 or newer, with venv) is taken for granted.
PORT ?= 8000
ARGS ?=
PY = .venv/bin/python

.PHONY: help run test lint bench messages

help:
	@echo "make run [PORT=8000]  the portal with the demo park on this machine"
	@echo "make test [ARGS=...]  the whole suite (ARGS go to pytest)"
	@echo "make lint             linters and the tests that keep the house in order"
	@echo "make bench [ARGS=...] benchmarks"
	@echo "make messages         extract the texts to translate, check the translations"

run:
	@./bootstrap local
	@PORT="$(PORT)" ENDS_WITH=$$PPID exec $(PY) manage.py up

test:
	@./bootstrap dev
	@$(PY) -m pytest $(if $(ARGS),$(ARGS),-n auto --maxprocesses 4)

lint:
	@./bootstrap dev
	@.venv/bin/ruff check .
	@.venv/bin/djlint --lint --quiet templates
	@$(PY) -m pytest -q $(wildcard tests/test_*.py)

bench:
	@./bootstrap dev
	@SECRET_KEY=unused $(PY) manage.py services -- sh -c '$(PY) manage.py migrate --verbosity 0 && $(PY) -m bench $(ARGS)'

messages:
	@./bootstrap dev
	@command -v xgettext >/dev/null || { echo "Texts are extracted with gettext: apt-get install gettext" >&2; exit 1; }
	@SECRET_KEY=unused $(PY) manage.py makemessages --locale zh_Hans --no-obsolete --add-location file \
		--ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'bench' --verbosity 0
	@sed -i.old '/^"POT-Creation-Date/d' locale/zh_Hans/LC_MESSAGES/django.po && rm locale/zh_Hans/LC_MESSAGES/django.po.old
	@SECRET_KEY=unused $(PY) manage.py check_translations
