"""What is read, in which order, and what cannot be read."""

from pathlib import Path

import pytest

from techstock.config import ConfigError, ConfigSource, Settings, load_settings
from tests.config.support import get_config_error, load_config


def pyproject(root: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text, "utf-8")


def test_no_file(tmp_path: Path) -> None:
    config, notices = load_settings(tmp_path, tmp_path)
    assert isinstance(config, Settings)
    assert (config.fail_on, notices) == ("warning", ())


def test_pyproject(tmp_path: Path) -> None:
    pyproject(tmp_path, "[project]\nname = 'x'\n[tool.techstock]\nfail-on = 'info'")
    config, notices = load_settings(tmp_path, tmp_path)
    assert (config.fail_on, notices) == ("info", ())


def test_pyproject_of_other_tools(tmp_path: Path) -> None:
    pyproject(tmp_path, "tool = 1")
    assert load_settings(tmp_path, tmp_path)[0].origins == {}


def test_own_file_wins_with_a_notice(tmp_path: Path) -> None:
    pyproject(tmp_path, "[tool.techstock]\nfail-on = 'info'")
    (tmp_path / "techstock.toml").write_text("fail-on = 'error'", "utf-8")
    config, notices = load_settings(tmp_path, tmp_path)
    assert config.fail_on == "error"
    assert notices == ("[tool.techstock] in pyproject.toml is not read: techstock.toml is beside it",)


@pytest.mark.parametrize("text", ["[project]\nname = 'x'", "[broken"])
def test_own_file_beside_a_pyproject_about_other_things(tmp_path: Path, text: str) -> None:
    pyproject(tmp_path, text)
    (tmp_path / "techstock.toml").write_text("fail-on = 'error'", "utf-8")
    config, notices = load_settings(tmp_path, tmp_path)
    assert (config.fail_on, notices) == ("error", ())


def test_tool_table_that_is_none(tmp_path: Path) -> None:
    pyproject(tmp_path, "[tool]\ntechstock = 1")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: `tool\.techstock` must be a table$"):
        load_settings(tmp_path, tmp_path)


def test_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "techstock.toml").write_bytes(b"\xef\xbb\xbffail-on = 'info'")
    assert load_settings(tmp_path, tmp_path)[0].fail_on == "info"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert get_config_error(tmp_path, "a =").startswith("techstock.toml: is not TOML: ")
    (tmp_path / "techstock.toml").write_bytes(b"\x83\x65 = 1")
    with pytest.raises(ConfigError, match=r"^techstock\.toml: is not UTF-8$"):
        load_settings(tmp_path, tmp_path)
    (tmp_path / "techstock.toml").write_text(f"a = {'[' * 50_000}", "utf-8")
    with pytest.raises(ConfigError, match=r"^techstock\.toml: is (nested too deep|not TOML: .*)$"):
        load_settings(tmp_path, tmp_path)


def test_files_that_would_take_forever(tmp_path: Path) -> None:
    assert get_config_error(tmp_path, "#" * 2_000_000) == "techstock.toml: has more than 1,048,576 bytes"
    for key in ("a." * 5_000 + "a", '"a" . ' * 40 + "a", f"[{'a.' * 5_000}a]"):
        text = key if key.startswith("[") else f"{key} = 1"
        assert get_config_error(tmp_path, text) == "techstock.toml: has a key of more than 32 parts"
    load_config(tmp_path, f'exclude = ["{"a." * 20}md", "1.2.3", "4.5.6", "7.8.9", "1.2.3", "4.5.6", "7.8.9"]')


@pytest.mark.parametrize("name", ["techstock.toml", "pyproject.toml"])
def test_a_link_out_of_the_root(tmp_path: Path, name: str) -> None:
    """What a link of a stranger's leads to would be told in messages."""
    root = tmp_path / "notes"
    root.mkdir()
    (tmp_path / "secret.toml").write_text("[tool.techstock]\npassword = 'x'\n", "utf-8")
    try:
        (root / name).symlink_to("../secret.toml")
    except OSError:
        pytest.skip("this system has no links")
    with pytest.raises(ConfigError, match=rf"^{name}: is a link out of the root; `--config` reads a file anywhere$"):
        load_settings(root, root)
    assert load_settings(root, root, isolated=True)[1] == ()


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "techstock.toml").touch()
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(ConfigError, match=r"^techstock\.toml: cannot be read: Permission denied$"):
        load_settings(tmp_path, tmp_path)


def test_what_has_the_name_of_a_configuration_and_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "techstock.toml").mkdir()
    with pytest.raises(ConfigError, match=r"^techstock\.toml: is not a file, or is a broken link$"):
        load_settings(tmp_path, tmp_path)
    assert load_settings(tmp_path, tmp_path, isolated=True)[1] == ()


def test_link_to_a_configuration_that_is_gone(tmp_path: Path) -> None:
    try:
        (tmp_path / "techstock.toml").symlink_to("gone.toml")
    except OSError:
        pytest.skip("this system has no links")
    with pytest.raises(ConfigError, match=r"^techstock\.toml: is not a file, or is a broken link$"):
        load_settings(tmp_path, tmp_path)


def test_later_assignment_wins_and_lists_are_replaced(tmp_path: Path) -> None:
    config = load_config(
        tmp_path,
        "fail-on = 'error'\nexclude = ['a']\nrules.apricot.most = 1\nrules.apricot.share = 0.1",
        given=["fail-on='info'", "exclude=['b']", "rules.apricot.most=2", "rules.apricot.most=5"],
    )
    assert (config.fail_on, config.exclude) == ("info", ("b",))
    assert config.get_options("apricot") == {"most": 5, "share": 0.1}
    assert config.origins["fail-on",] == "--config"
    assert config.origins["rules", "apricot", "share"] == "techstock.toml"


def test_option_wins_over_assignment(tmp_path: Path) -> None:
    typed = [ConfigSource("--fail-on", {"fail-on": "error"})]
    assert load_config(tmp_path, given=["fail-on='info'"], typed=typed).fail_on == "error"


def test_given_file_is_read_in_place_of_the_projects(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a=b.toml").write_text("fail-on = 'info'", "utf-8")
    (tmp_path / "sub/later.toml").write_text("section-level = 3", "utf-8")
    config = load_config(tmp_path, "exclude = ['x']", given=["sub/a=b.toml", "sub/later.toml", "section-level=4"])
    assert (config.fail_on, config.exclude, config.section_level) == ("info", (), 4)


def test_given_pyproject(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/pyproject.toml").write_text("[tool.techstock]\nfail-on = 'info'", "utf-8")
    assert load_config(tmp_path, given=["sub/pyproject.toml"]).fail_on == "info"
    (tmp_path / "sub/pyproject.toml").write_text("[project]", "utf-8")
    assert (
        get_config_error(tmp_path, given=["sub/pyproject.toml"])
        == "--config: `sub/pyproject.toml` has no [tool.techstock]"
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("other.toml", "--config: there is no file `other.toml`"),
        ("a" * 5000, f"--config: there is no file `{'a' * 5000}`"),
        ("a\0b", "--config: there is no file `a\0b`"),
        (
            "preset=strict",
            "--config: `preset=strict` is neither a file nor a TOML assignment; "
            'text needs quotes, as in `preset="strict"`',
        ),
        ("preset='strict'\nfail-on='info'", None),
        ("[rules.apple]\n#=", None),
        ("#=", None),
        ("presett='strict'", "--config: `presett` is not a known key, did you mean `preset`?"),
    ],
)
def test_given_values_that_are_wrong(tmp_path: Path, given: str, message: str | None) -> None:
    assert get_config_error(tmp_path, given=[given]) == (message or f"--config: `{given}` is not one TOML assignment")


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    config = load_config(tmp_path, "fail-on = 'error'", given=["section-level=3"], isolated=True)
    assert (config.fail_on, config.section_level) == ("warning", 3)
    with pytest.raises(ConfigError, match="--isolated reads no configuration file"):
        load_settings(tmp_path, tmp_path, given=["techstock.toml"], isolated=True)
