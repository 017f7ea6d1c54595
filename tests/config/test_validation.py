"""Every wrong key, type and name is refused, in one sentence that names the file, the key and what was meant."""

from pathlib import Path

import pytest

from techstock.config import ConfigError, ConfigSource, make_settings
from tests.config.support import get_config_error, load_config

WRONG = {
    "presett = 'strict'": "`presett` is not a known key, did you mean `preset`?",
    "zzz = 1": "`zzz` is not a known key",
    "fail_on = 'error'": "`fail_on` is not a known key, did you mean `fail-on`?",
    "limits.filesize = 1": "`limits.filesize` is not a known key, did you mean `limits.file-size`?",
    "file-size = 1": "`file-size` is not a known key, did you mean `limits.file-size`?",
    "limits = 1": "`limits` must be a table, not 1",
    "rules = []": "`rules` must be a table, not []",
    "rules.apple = true": "`rules.apple` must be a table, not true",
    "rules.aple.level = 'off'": "`rules.aple` names no rule, did you mean `apple`?",
    "rules.apple.levl = 'off'": "`rules.apple.levl` is no option of this rule, did you mean `level`?",
    "rules.apple.level = 'fatal'": '`rules.apple.level` must be one of "error", "warning", "info", "off", not "fatal"',
    "rules.apricot.deep_only = true": "`rules.apricot.deep_only` is no option of this rule, did you mean `deep-only`?",
    "rules.apricot.deep-only = 1": "`rules.apricot.deep-only` must be true or false, not 1",
    "rules.apricot.most = true": "`rules.apricot.most` must be a whole number, not true",
    "rules.apricot.share = '1'": '`rules.apricot.share` must be a number, not "1"',
    "rules.apricot.mark = 1": "`rules.apricot.mark` must be a string, not 1",
    "rules.apricot.allow = 1": "`rules.apricot.allow` must be a list of whole numbers, not 1",
    "rules.apricot.allow = [1, 'a']": '`rules.apricot.allow` must be a list of whole numbers, not [1, "a"]',
    "rules.apricot.allow = [true]": "`rules.apricot.allow` must be a list of whole numbers, not [true]",
    "rules.apricot.words = {a = 1}": "`rules.apricot.words` must be a list of strings, not a table",
    "rules.apricot.form = 'wide'": '`rules.apricot.form` must be one of "half", "full", not "wide"',
    "preset = 2026-01-01": '`preset` must be one of "default", "strict", not a date or time',
    "fail-on = 'off'": '`fail-on` must be one of "error", "warning", "info", not "off"',
    "duplicate-scope = 'folder'": '`duplicate-scope` must be one of "file", "directory", "corpus", not "folder"',
    "section-level = 7": "`section-level` must be a whole number from 0 to 6, not 7",
    "section-level = -1": "`section-level` must be a whole number from 0 to 6, not -1",
    "limits.file-size = 0": "`limits.file-size` must be a whole number of at least 1, not 0",
    "image-root = 'a/../..'": ('`image-root` must be a folder below the root, written with `/`, not "a/../.."'),
    "baseline = '/x.txt'": '`baseline` must be a path below the root, not "/x.txt"',
    'baseline = "x\\u0000"': '`baseline` must be a path below the root, not "x\\u0000"',
    "include = '*.md'": '`include` must be a list of strings, not "*.md"',
    "exclude = ['../other/']": '`exclude` names "../other/", which lies outside the root',
    "exclude = ['#only a comment']": '`exclude` names "#only a comment", which is not a valid glob',
    "select = ['aple']": '`select` names "aple", which matches no rule, did you mean `apple`?',
    "ignore = ['nothing-*']": '`ignore` names "nothing-*", which matches no rule',
    'per-file."a b/*.md".ignore = ["aple"]': (
        '`per-file."a b/*.md".ignore` names "aple", which matches no rule, did you mean `apple`?'
    ),
    'per-file."x.md".ignored = []': '`per-file."x.md".ignored` is not a known key, did you mean `ignore`?',
    'per-file."../x.md".ignore = []': '`per-file."../x.md"` names "../x.md", which lies outside the root',
    'per-file."x.md" = []': '`per-file."x.md"` must be a table, not []',
    '"a\\"\\n\\u007f" = 1': '`"a\\"\\n\\u007f"` is not a known key',
}

COSTLY = {
    f"limits.file-size = 0x1{'0' * 16}": (
        "`limits.file-size` must be a whole number of at least 1, not a number of more than 64 bits"
    ),
    f"section-level = 0x{'f' * 5000}": (
        "`section-level` must be a whole number from 0 to 6, not a number of more than 64 bits"
    ),
    f"rules.apricot.allow = [0x{'f' * 5000}]": (
        "`rules.apricot.allow` must be a list of whole numbers, not [a number of more than 64 bits]"
    ),
    f"rules.apricot.share = 0x{'f' * 5000}": (
        "`rules.apricot.share` must be a number, not a number of more than 64 bits"
    ),
    f"exclude = ['{'?' * 5000}']": "`exclude` has a glob of more than 4,096 characters",
    "exclude = ['x/*a*b*c*d*']": (
        '`exclude` names "x/*a*b*c*d*", which has too many wildcards: at most 3 `*` in one name and 2 `**`'
    ),
    "include = ['**/a/**/b/**/c/**']": (
        '`include` names "**/a/**/b/**/c/**", which has too many wildcards: at most 3 `*` in one name and 2 `**`'
    ),
    'per-file."a***b**.md".ignore = []': (
        '`per-file."a***b**.md"` names "a***b**.md", which has too many wildcards: at most 3 `*` in one name and 2 `**`'
    ),
}
"""What would take Python long, or what it refuses; no schema tells."""


@pytest.mark.parametrize("text", [*WRONG, *COSTLY])
def test_wrong_configuration(tmp_path: Path, text: str) -> None:
    assert get_config_error(tmp_path, text) == f"techstock.toml: {(WRONG | COSTLY)[text]}"


def test_wrong_option_names_the_option(tmp_path: Path) -> None:
    source = ConfigSource("--select", {"select": ["plumm"]})
    assert get_config_error(tmp_path, typed=[source]) == (
        '--select: `select` names "plumm", which matches no rule, did you mean `plum`?'
    )


def test_options_are_given_in_pythons_spelling_and_types(tmp_path: Path) -> None:
    config = load_config(tmp_path, "[rules.apricot]\nallow = [1, 2]\ndeep-only = true\nshare = 1\nform = 'full'")
    options = config.get_options("apricot")
    assert options == {"allow": (1, 2), "deep_only": True, "share": 1.0, "form": "full"}
    assert type(options["share"]) is float


def test_project_wide_keys(tmp_path: Path) -> None:
    config = load_config(
        tmp_path,
        "include = ['notes/']\nexclude = ['/drafts', '!drafts/a.md']\nfail-on = 'error'\nsection-level = 3\n"
        "duplicate-scope = 'corpus'\nlimits.file-size = 10",
    )
    assert config.include == ("notes/",)
    assert config.exclude == ("/drafts", "!drafts/a.md")
    assert (config.fail_on, config.section_level, config.limits.file_size) == ("error", 3, 10)
    assert config.duplicate_scope == "corpus"


def test_nothing_configured(tmp_path: Path) -> None:
    config = load_config(tmp_path, "")
    assert (config.include, config.exclude, config.fail_on) == ((), (), "warning")
    assert (config.section_level, config.limits.file_size, config.duplicate_scope) == (0, 2097152, "corpus")


@pytest.mark.parametrize("folder", ["..", "../x", "x/..", "x/../y", "a\n/../x", "..\n", "C:", "C:/x", "a\\b", "a\0"])
def test_folders_outside_the_root(folder: str) -> None:
    with pytest.raises(ConfigError, match=r"`image-root` must be a folder below the root"):
        make_settings(ConfigSource("x", {"image-root": folder}))
    if "\\" not in folder:
        with pytest.raises(ConfigError, match=r"`baseline` must be a path below the root"):
            make_settings(ConfigSource("x", {"baseline": folder}))


@pytest.mark.parametrize("folder", ["", "a", "a/b", "..a", "a..", "a/..b/c.d", "ab:c", "図/表"])
def test_folders_below_the_root(folder: str) -> None:
    config = make_settings(ConfigSource("x", {"image-root": folder, "baseline": folder}))
    assert (config.image_root, config.baseline) == (folder, folder)
