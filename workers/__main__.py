"""`python -m workers [queue ...]`: any number of these, on any number of machines."""

from __future__ import annotations

import sys

from hotline.doorbell import QUEUES
from hotline.logs import set_up_logs
from hotline.settings import SettingsFaults, load_settings
from hotline.wiring import wire
from workers.current import work_for
from workers.queues import answer_rings
from workers.schedule import Sweeper


def main(names: list[str]) -> int:
    """Work until told to stop; what is wrong with the start goes to stderr."""
    strange = [name for name in names if name not in QUEUES]
    if strange:
        sys.stderr.write(f"no such queue: {strange[0]}; there are {', '.join(QUEUES)}\n")
        return 2
    set_up_logs()
    try:
        hotline = wire(load_settings())
    except SettingsFaults as faults:
        sys.stderr.write(f"{faults}\n")
        return 2
    work_for(hotline)
    sweeper = Sweeper(hotline)
    sweeper.start()
    answer_rings(hotline.settings.redis_url, names or list(QUEUES))
    sweeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
