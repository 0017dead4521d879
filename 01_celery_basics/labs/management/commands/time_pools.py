"""python manage.py time_pools --tasks 40 --seconds 0.2"""

import json

from django.core.management.base import BaseCommand, CommandError

from labs.pools import POOLS, PoolFailed, time_pool
from queueing.sending import BrokerDown

ROW = "{pool:<10}{at_once:>9}{processes:>11}{seconds:>10}{tasks_per_second:>10}"


class Command(BaseCommand):
    help = "Time the same waiting load under each of Celery's pools."

    def add_arguments(self, parser):
        parser.add_argument("--tasks", type=int, default=40, help="how many (40)")
        parser.add_argument("--seconds", type=float, default=0.2, help="each waits (0.2)")
        parser.add_argument("--concurrency", type=int, default=10, help="at once (10)")
        parser.add_argument("--pools", nargs="+", choices=POOLS, default=POOLS)
        parser.add_argument("--json", action="store_true", help="print JSON, no table")

    def handle(self, *args, tasks, seconds, concurrency, pools, **options):
        if not (1 <= tasks <= 1000 and 0 <= seconds <= 10 and 1 <= concurrency <= 100):
            raise CommandError(
                "--tasks is 1 to 1000, --seconds 0 to 10, --concurrency 1 to 100."
            )
        as_json, rows = options["json"], []
        if not as_json:
            self.stdout.write(f"{tasks} tasks that wait {seconds:g} s each\n\n")
            self.stdout.write(
                ROW.format(
                    pool="pool",
                    at_once="at once",
                    processes="processes",
                    seconds="seconds",
                    tasks_per_second="tasks/s",
                )
            )
        for pool in pools:
            try:
                rows.append(time_pool(pool, tasks, seconds, concurrency))
            except (PoolFailed, BrokerDown) as error:
                raise CommandError(f"{pool}: {error}") from error
            if not as_json:
                self.stdout.write(ROW.format(**rows[-1]))
        if as_json:
            self.stdout.write(json.dumps(rows))
