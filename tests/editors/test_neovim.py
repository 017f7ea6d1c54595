"""Neovim with the recipe of docs/editors.md, typed at as a user does."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editors.support import (
    DEFINITION,
    FIXED_LINE,
    NOTES,
    find_program,
    make_environment,
    make_notes,
    read_recipe,
    wait_for,
)

pytestmark = pytest.mark.editors

# Answers every question with the first choice that has one of these texts; a plugin shows a list here.
CHOOSE = """
local wanted = vim.json.decode(...)
vim.ui.select = function(items, options, on_choice)
  for _, item in ipairs(items) do
    local shown = options.format_item and options.format_item(item) or tostring(item)
    for _, text in ipairs(wanted) do
      if shown:find(text, 1, true) then return on_choice(item) end
    end
  end
  on_choice(nil)
end
"""
# Whether the server has looked at the buffer: it answers after it has done so.
HEARD = """
local done, found = pcall(vim.lsp.buf_request_sync, 0, 'textDocument/codeAction', {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } },
  context = { diagnostics = {} },
}, 5000)
return done and found ~= nil and next(found) ~= nil
"""
DIAGNOSTICS = "local r = {} for _, d in ipairs(vim.diagnostic.get(0)) do r[#r+1] = d end return r"


class Neovim:
    """A Neovim without a terminal, which is asked and typed at by another."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._environment = program, make_environment(folder)
        self.notes = make_notes(folder / "notes")
        self._socket = folder / "socket"
        version = subprocess.run([program, "--version"], capture_output=True, check=True, encoding="utf-8").stdout
        self.is_old = int(version.split()[1].split(".")[1]) < 11
        (folder / "init.lua").write_text(read_recipe("Neovim", "lua", int(self.is_old)), "utf-8")
        command = [program, "--headless", "-u", str(folder / "init.lua"), "-i", "NONE", "-n"]
        self._process = subprocess.Popen(
            [*command, "--listen", str(self._socket), "a.md"],
            cwd=self.notes,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._socket.exists, "Neovim")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _run(self, *arguments: str) -> str:
        command = [self._program, "--headless", "--server", str(self._socket), *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, check=False, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout or done.stderr

    def ask(self, lua: str, given: str = "") -> Any:
        """Return what Lua code returns."""
        code, value = " ".join(lua.split("\n")).replace("'", "''"), given.replace("'", "''")
        return json.loads(
            self._run("--remote-expr", f"json_encode(luaeval('load(_A[1])(_A[2])', ['{code}', '{value}']))")
        )

    def type(self, keys: str) -> None:
        self._run("--remote-send", keys)

    def wait_for_rules(self, *rules: str) -> list[dict[str, Any]]:
        wait_for(lambda: sorted(one["code"] for one in self.ask(DIAGNOSTICS)) == sorted(rules), f"{rules}")
        found: list[dict[str, Any]] = self.ask(DIAGNOSTICS)
        return sorted(found, key=lambda one: (one["lnum"], one["col"]))

    def open(self, name: str, *rules: str) -> list[dict[str, Any]]:
        """Open a note beside the others, and return its diagnostics, which are of these rules."""
        self.type(f":set hidden | edit {name}<CR>")
        wait_for(lambda: self.ask("return vim.fn.expand('%:t')") == name, name)
        wait_for(lambda: self.ask(HEARD), f"an answer about {name}")
        return self.wait_for_rules(*rules)

    def get_lines(self, name: str = "%") -> list[str]:
        found: list[str] = self.ask("return vim.fn.getbufline(..., 1, '$')", name)
        return found

    def go_to(self, line: int, text: str) -> None:
        """Put the cursor on a text, in a line that is counted from 1."""
        lua = "local l = vim.fn.getline('.') vim.fn.cursor(vim.fn.line('.'), l:find(..., 1, true))"
        self.type(f"{line}G")
        self.ask(lua, text)

    def choose_action(self, *titles: str) -> None:
        """Choose the action with the first title, and the others where the server asks."""
        self.ask(CHOOSE, json.dumps(titles))
        self.ask("vim.lsp.buf.code_action()")


@pytest.fixture(params=["TECHSTOCK_NEOVIM", "TECHSTOCK_OTHER_NEOVIM"])
def neovim(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Neovim]:
    name = "nvim" if request.param == "TECHSTOCK_NEOVIM" else "another nvim"
    found = Neovim(find_program(name, request.param), tmp_path)
    yield found
    found.stop()


def test_a_fix_changes_the_right_characters(neovim: Neovim) -> None:
    """Neovim sends columns of a diagnostic in bytes, which a server must not trust."""
    [colon] = neovim.wait_for_rules("colon-style")
    line = NOTES["a.md"].split("\n")[5]
    assert (colon["lnum"], colon["col"]) == (5, len(line.partition("：")[0].encode()))
    neovim.go_to(6, "港")
    neovim.choose_action("write")
    wait_for(lambda: neovim.get_lines()[5] == FIXED_LINE, "the fix")
    assert neovim.get_lines() == NOTES["a.md"].replace(line, FIXED_LINE).rstrip("\n").split("\n")
    neovim.wait_for_rules()
    assert (neovim.notes / "a.md").read_text("utf-8") == NOTES["a.md"], "nothing is saved"


def test_what_is_not_saved_counts_in_other_notes(neovim: Neovim) -> None:
    neovim.open("b.md", "duplicate-definition")
    neovim.open("a.md", "colon-style")
    neovim.type("5G0f:lDa まったく別の事柄。<Esc>")
    wait_for(lambda: neovim.get_lines()[4] == "- 待避: まったく別の事柄。", "the text")
    neovim.open("b.md")
    neovim.open("a.md", "colon-style", "known-term")
    neovim.type("uu")
    neovim.open("b.md", "duplicate-definition")
    assert (neovim.notes / "a.md").read_text("utf-8") == NOTES["a.md"]


def test_a_problem_names_the_other_place(neovim: Neovim) -> None:
    [copy] = neovim.open("b.md", "duplicate-definition")
    assert "a.md:5" in copy["message"]


def test_hover_shows_a_definition(neovim: Neovim) -> None:
    neovim.open("c.md")
    neovim.go_to(5, "待避")
    neovim.ask("vim.lsp.buf.hover()")
    shown = """
    for _, w in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(w).relative ~= '' then
        return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false)
      end
    end
    return {}
    """
    lines = wait_for(lambda: neovim.ask(shown), "the window")
    assert DEFINITION in "".join(lines)
    assert "also defined in" in "".join(lines)


def test_definition_leads_to_the_other_copy(neovim: Neovim) -> None:
    neovim.open("b.md", "duplicate-definition")
    neovim.go_to(5, "待避")
    neovim.ask("vim.lsp.buf.definition()")
    wait_for(lambda: neovim.ask("return vim.fn.expand('%:t')") == "a.md", "the other note")
    assert neovim.ask("return vim.fn.line('.')") == 5


def test_completion(neovim: Neovim) -> None:
    """A term is completed within a run of Japanese text, and nothing before it is lost."""
    neovim.open("c.md")
    neovim.type("Go- 入港: 船は𠮷野の<C-x><C-o>")
    wait_for(lambda: neovim.get_lines()[-1] == "- 入港: 船は𠮷野の港", "the term")
    [item] = neovim.ask("return vim.fn.complete_info({'items'}).items")
    assert item["menu"] == "船が泊まる所。 (a.md)"


def test_a_merge_is_asked_for(neovim: Neovim) -> None:
    neovim.open("b.md", "duplicate-definition")
    neovim.go_to(5, "待避")
    # An old one shows the server's question as a list with numbers.
    neovim.ask("vim.fn.inputlist = function() return 1 end")
    neovim.choose_action("merge the 2 copies", "Merge")
    wait_for(lambda: neovim.get_lines()[4] == "- 待避: → [1. 待つ](a.md#1-待つ)", "the link")
    assert (neovim.notes / "b.md").read_text("utf-8") == NOTES["b.md"], "nothing is saved"


def test_what_is_safe_is_fixed_on_save(neovim: Neovim) -> None:
    if neovim.is_old:
        pytest.skip("the recipe is for Neovim 0.11")
    neovim.wait_for_rules("colon-style")
    neovim.ask(read_recipe("Neovim", "lua", 2))
    neovim.type(":write<CR>")
    wait_for(lambda: FIXED_LINE in (neovim.notes / "a.md").read_text("utf-8"), "the saved note")
    assert neovim.get_lines()[5] == FIXED_LINE


def test_terms_are_symbols(neovim: Neovim) -> None:
    neovim.wait_for_rules("colon-style")
    neovim.ask("vim.lsp.buf.workspace_symbol('港')")
    shown = "local r = {} for _, i in ipairs(vim.fn.getqflist()) do r[#r+1] = i.text end return r"
    found = wait_for(lambda: neovim.ask(shown), "the list")
    assert [text.rpartition(" ")[2] for text in found] == ["港", "出港", "𠮷野の港"]
