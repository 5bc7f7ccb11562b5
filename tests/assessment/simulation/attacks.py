"""Attacks of ten kinds and of varying strength, each on one window's day or on a few windows of one unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from tests.assessment.simulation.city import Day, at, serve, tags_of
from tests.assessment.simulation.lines import Given, Said

Attack = Callable[[Random, Day, Iterator[str]], None]
PRAISE = ["服务态度非常好业务熟练效率很高", "工作人员热情周到办理速度快", "窗口服务规范耐心细致值得表扬"]
FILLERS = ["", "!", "。", "点赞", "真的", "很", "给五星", "啊", "谢谢您"]


def _said(day: Day, moment, **more) -> Said:  # type: ignore[no-untyped-def]
    return Said(day.spot.unit, day.spot.window, moment, **more)


def _targets(draw: Random, day: Day, count: int) -> list[Given | None]:
    """Services nobody has rated, and the window itself where there are not so many."""
    free = [one for one in day.services if not one.rated]
    draw.shuffle(free)
    chosen: list[Given | None] = list(free[:count])
    for one in chosen:
        if one:
            one.rated = True
    return chosen + [None] * (count - len(chosen))


def _hours(draw: Random, day: Day, count: int) -> Iterator[float]:
    """Over the day, as somebody does it who is not in a hurry."""
    return iter(sorted(draw.uniform(9, 16.9) for _ in range(count)))


def _moment(draw: Random, day: Day, service: Given | None, hour: float):  # type: ignore[no-untyped-def]
    if service is None:
        return at(day.date, hour)
    return service.served_at + timedelta(seconds=draw.uniform(60, 5400))


def one_device(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """A clerk's own telephone rates for people who have left."""
    device, count = next(devices), draw.randint(8, 25)
    for service, hour in zip(_targets(draw, day, count), _hours(draw, day, count), strict=True):
        tags = tags_of(draw, day.spot, 5)
        day.ratings.append(_said(day, _moment(draw, day, service, hour), tags=tags, service=service, device=device))


def few_devices(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """Colleagues' telephones, a handful each."""
    for device in [next(devices) for _ in range(draw.randint(3, 6))]:
        count = draw.randint(3, 6)
        for service, hour in zip(_targets(draw, day, count), _hours(draw, day, count), strict=True):
            moment = _moment(draw, day, service, hour)
            day.ratings.append(_said(day, moment, service=service, device=device, tags=tags_of(draw, day.spot, 5)))


def after_hours(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """The tablet is tapped when the hall is empty."""
    start, moment = draw.choice([19.8, 20.5, 21.3, 6.1]), 0.0
    for service in _targets(draw, day, draw.randint(5, 18)):
        moment += draw.uniform(6, 60)
        when = at(day.date, start) + timedelta(seconds=moment)
        day.ratings.append(_said(day, when, channel="kiosk", tablet=day.spot.tablet, service=service))


def script(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """A program that forgets its cookie each time, one or two seconds apart."""
    when = at(day.date, draw.uniform(9, 16.5))
    for _ in range(draw.randint(8, 35)):
        when += timedelta(seconds=draw.uniform(0.6, 2.6))
        day.ratings.append(_said(day, when, device=next(devices), tags=tags_of(draw, day.spot, 5)))


def copied_texts(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """A template that is changed a little for each."""
    template, count = draw.choice(PRAISE), draw.randint(7, 22)
    for service, hour in zip(_targets(draw, day, count), _hours(draw, day, count), strict=True):
        place = draw.randint(0, len(template))
        text = template[:place] + draw.choice(FILLERS) + template[place:]
        moment = _moment(draw, day, service, hour)
        day.ratings.append(_said(day, moment, text=text, device=next(devices), service=service))


def before_the_end(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """Links of services that are still going on, opened at the counter."""
    for service in _targets(draw, day, draw.randint(6, 20)):
        service = service or serve(day.spot, at(day.date, draw.uniform(10, 16.5)))
        if service not in day.services:
            day.services.append(service)
        early = service.served_at - timedelta(minutes=draw.uniform(15, 70))
        day.ratings.append(_said(day, early, channel="sms", origin="invited", service=service, device=next(devices)))


def from_nothing(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """Ratings of the window itself, more than there were people; slowly, each from a browser of its own."""
    missing = max(0, len(day.services) - len(day.ratings))
    for _ in range(missing + draw.randint(15, 50)):
        moment = at(day.date, draw.uniform(8.8, 17))
        day.ratings.append(_said(day, moment, device=next(devices), tags=tags_of(draw, day.spot, 5)))


def pushed(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """At night a job makes five stars of silence and writes a time into the past."""
    night, shift = at(day.date, 25.5), draw.choice([None, 120, 600, 1800])
    for service in _targets(draw, day, len(day.services)):
        if service is None or draw.random() < 0.1:
            continue
        rated = service.served_at + timedelta(seconds=shift or draw.randint(30, 3600))
        day.ratings.append(_said(day, rated, tags=("510", "517"), channel="web", service=service, received_at=night))


def malicious(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """One person gives the window the worst level again and again."""
    device, count = next(devices), draw.randint(6, 16)
    for service, hour in zip(_targets(draw, day, count), _hours(draw, day, count), strict=True):
        moment = _moment(draw, day, service, hour)
        text = "差" * draw.randint(2, 5) if draw.random() < 0.5 else ""
        day.ratings.append(_said(day, moment, level=1, tags=("104",), text=text, service=service, device=device))


def forced(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """Nobody leaves before they have tapped the best face on the tablet in front of the clerk."""
    for one in day.ratings:
        one.level, one.text, one.tags = 5, "", ()
    for service in day.services:
        if not service.rated and draw.random() < draw.uniform(0.85, 1.0):
            service.rated = True
            moment = service.served_at + timedelta(seconds=draw.uniform(4, 25))
            day.ratings.append(_said(day, moment, channel="kiosk", tablet=day.spot.tablet, service=service))


def brigade(draw: Random, day: Day, devices: Iterator[str]) -> None:
    """Many browsers, one opinion of a window: those who were asked to in a chat group."""
    for _ in range(draw.randint(10, 30)):
        moment = at(day.date, draw.uniform(9, 22))
        level = draw.choice([1, 1, 2])
        tags = ("104",) if level == 1 else ("204",)
        day.ratings.append(_said(day, moment, level=level, tags=tags, device=next(devices)))


ATTACKS: dict[str, Attack] = {
    one.__name__: one
    for one in (
        one_device,
        few_devices,
        after_hours,
        script,
        copied_texts,
        before_the_end,
        from_nothing,
        pushed,
        malicious,
        forced,
        brigade,
    )
}
