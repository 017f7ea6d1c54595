"""A server that the tests of a module share: each makes a project of its own in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.support import EditorClient, run_client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorClient]:
    folder = tmp_path_factory.mktemp("cwd")
    with run_client(folder) as found:
        found.initialize()
        yield found
        assert found.stop() == 0
        assert "Traceback" not in found.errors.decode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of an empty project."""
    (tmp_path / "techstock.toml").touch()
    return tmp_path
