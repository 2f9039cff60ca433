"""A worker as in production, on the benchmarks' own database and queues: ``python -m bench.worker DATABASE FILE``.

The file appears when it is ready to work.
"""

import sys
from pathlib import Path

from django.conf import settings


def main(database: str, ready: str) -> None:
    settings.DATABASES["default"]["NAME"] = database

    import django

    django.setup()
    from celery.signals import worker_ready

    from bench import broker, deliver
    from park.celery import app
    from park.notices import kinds

    kinds.register(deliver.KIND)
    broker.use(broker_transport_options=app.conf.broker_transport_options | broker.OWN)
    app.task(name="bench.tell_one")(deliver.tell_one_by_mail)
    worker_ready.connect(lambda **_about: Path(ready).touch(), weak=False)
    app.worker_main(["worker", "-P", "solo", "-Q", broker.QUEUE, "-l", "ERROR", "--without-mingle", "--without-gossip"])


if __name__ == "__main__":
    main(*sys.argv[1:])
