"""Tasks tell the history which task they are: what a worker changes has no request."""

from celery.signals import task_postrun, task_prerun

from .actions import acting

_open = {}


def watch() -> None:
    task_prerun.connect(begin, dispatch_uid="audit.begin")
    task_postrun.connect(end, dispatch_uid="audit.end")


def begin(task_id, task, **kwargs) -> None:
    _open[task_id] = acting(None, task=task.name)
    _open[task_id].__enter__()


def end(task_id, **kwargs) -> None:
    if act := _open.pop(task_id, None):
        act.__exit__(None, None, None)
