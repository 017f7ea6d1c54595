"""A machine without a network, and hosts that do not answer: one sentence, in seconds."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from techstock.cli import main
from techstock.web import api
from techstock.web.api import Network
from techstock.web.public_network import NoSuchHostError, UnresolvedHostError
from techstock.web.rate_limits import WebLimits
from tests.support import make_project
from tests.web.server import Dialler, Names, reply_image
from tests.web.support import HOST, QUICK, World, describe

HOSTS = [f"img{number}.notes" for number in range(40)]
NOTE = "".join(f"![図](http://{host}/{image}.png)\n\n" for host in HOSTS for image in range(5))
Resolve = Callable[[str, int], Awaitable[list[str]]]


class CountedNames(Names):
    """Counts what is looked up."""

    def __init__(self, known: Mapping[str, list[str] | Exception] | None = None) -> None:
        super().__init__(known)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return await super().__call__(host, port)


def unresolved() -> CountedNames:
    return CountedNames(dict.fromkeys([*HOSTS, "github.com"], UnresolvedHostError()))


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path, {"a.md": NOTE}, git=True)
    monkeypatch.chdir(folder)
    return folder


def cut_off(monkeypatch: pytest.MonkeyPatch, names: Names) -> None:
    monkeypatch.setattr(api, "Network", lambda: Network(inner=lambda: Dialler({}), resolve=names))


@pytest.mark.parametrize("options", [[], ["--all"], ["--output-format", "concise"]])
def test_one_sentence(
    notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    names = unresolved()
    cut_off(monkeypatch, names)
    assert main(["images", *options]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert [line for line in err.splitlines() if "img" in line] == []
    assert "error: no network: no name server answers" in err
    assert len(err.splitlines()) == 2
    assert len(names.asked) <= WebLimits().slots  # those that were under way


def test_a_resolver_that_knows_no_name_is_no_network_either(
    notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cut_off(monkeypatch, CountedNames(dict.fromkeys([*HOSTS, "github.com"], NoSuchHostError())))
    assert main(["images"]) == 2
    out, err = capfd.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert "error: no network: " in err
    assert not (notes / ".techstock_cache" / "web.jsonl").exists()


def test_programs_still_get_every_image(
    notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cut_off(monkeypatch, unresolved())
    assert main(["images", "--output-format", "jsonl"]) == 2
    assert len(capfd.readouterr().out.splitlines()) == 200


def test_an_answering_name_server_ends_nothing() -> None:
    names = {host: UnresolvedHostError() for host in HOSTS[:20]}
    world = World({f"{HOST}/a.png": reply_image()}, names=names)
    found = world.ask(f"http://{HOST}/a.png", *(f"http://{host}/a.png" for host in HOSTS[:2]))
    assert [describe(answer) for answer in found.values()] == ["ok", "unknown:resolver", "unknown:resolver"]


@pytest.mark.parametrize(
    ("error", "state"), [(NoSuchHostError(), "unknown:dns"), (UnresolvedHostError(), "unknown:resolver")]
)
def test_a_host_is_left_alone_after_three_failures(error: Exception, state: str) -> None:
    names = CountedNames({HOSTS[0]: error})
    world = World({f"{HOST}/a.png": reply_image()})
    world.names = names
    wanted = [f"http://{HOSTS[0]}/{image}.png" for image in range(30)]
    found = world.ask(f"http://{HOST}/a.png", *wanted, limits=QUICK)
    assert {describe(found[url]) for url in wanted} == {state}
    assert names.asked.count(HOSTS[0]) <= 4
    assert describe(found[f"http://{HOST}/a.png"]) == "ok"
