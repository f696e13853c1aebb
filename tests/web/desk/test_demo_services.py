"""The demo's services are marked as invented, and stand in for no checked list."""

from __future__ import annotations

from hotline import demo_services, directory
from tests.web.desk.desk import Desk


def test_every_example_says_so_and_comes_once(desk: Desk) -> None:
    for _ in range(2):
        with desk.hotline.transaction() as tx:
            demo_services.seed(desk.hotline, tx)
    page = desk.staff("Dara").reads("/referrals")
    assert page.count("Invented example: do not ring") == page.count("Example: ") == 6
    with desk.hotline.reading() as tx:
        assert directory.lacks_checked_service(desk.hotline, tx)
