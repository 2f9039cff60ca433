"""Queues of the benchmarks' own on the portal's broker: a portal that runs beside them hears nothing of theirs."""

from contextlib import contextmanager

from park.celery import app

QUEUE = "mail"
OWN = {"global_keyprefix": "parasol-bench:"}


@contextmanager
def own_queues():
    before = {name: app.conf[name] for name in ("broker_transport_options", "task_always_eager")}
    use(broker_transport_options=before["broker_transport_options"] | OWN, task_always_eager=False)
    try:
        empty()
        yield
    finally:
        empty()
        use(**before)


def use(**options) -> None:
    """Change how messages are sent, also where some were sent before."""
    for name, value in options.items():
        app.conf[name] = value
    app.__dict__.pop("amqp", None)  # it keeps connections of the options before


def empty() -> None:
    with app.connection_for_write() as line:
        line.default_channel.queue_delete(QUEUE)
