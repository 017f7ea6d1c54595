"""Emacs with eglot and the recipe of docs/editors.md."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.editors.support import (
    DEFINITION,
    FIXED_LINE,
    NOTES,
    WAIT,
    find_program,
    make_environment,
    make_notes,
    read_recipe,
)

pytestmark = pytest.mark.editors

SESSION = """
(package-initialize)
(unless (and (require 'eglot nil t) (require 'markdown-mode nil t)) (kill-emacs 3))
(load "%(recipe)s")
(setq seen nil)
(defun wait-for (found)
  (let ((limit (+ (float-time) 20)))
    (while (and (not (funcall found)) (< (float-time) limit)) (accept-process-output nil 0.1))
    (or (funcall found) (error "waited in vain"))))
(defun keep (name value) (push (cons name value) seen))
(defun get-problems () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(defun open-note (name)
  (find-file name)
  (run-hooks 'post-command-hook) ; as after a command: eglot starts the server there
  (wait-for #'eglot-current-server))

(open-note "b.md")
(keep "problems" (vconcat (wait-for (lambda () (flymake-start) (get-problems)))))
(goto-char (point-min)) (search-forward "待避") (goto-char (match-beginning 0))
(keep "references" (length (xref-backend-references 'eglot "LSP identifier at point.")))
(xref-find-definitions "LSP identifier at point.")
(keep "definition" (format "%%s:%%d" (buffer-name) (line-number-at-pos)))

(wait-for (lambda () (flymake-start) (get-problems)))
(goto-char (point-min)) (search-forward "：") (goto-char (match-beginning 0))
(setq last-nonmenu-event ?x) ; a key was pressed, no mouse: otherwise a menu is drawn
(cl-letf (((symbol-function 'completing-read)
           (lambda (_ choices &rest _) (seq-find (lambda (c) (string-prefix-p "write" c)) (mapcar #'car choices))))
          ((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
  (call-interactively #'eglot-code-actions))
(keep "fixed" (buffer-string))

(open-note "c.md")
(goto-char (point-min)) (search-forward "待避") (goto-char (match-beginning 0))
(let* ((server (eglot-current-server))
       (answer (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
  (keep "hover" (plist-get (plist-get answer :contents) :value)))
(goto-char (point-max)) (insert "- 入港: 船は、𠮷野の")
(completion-at-point)
(keep "completed" (buffer-substring-no-properties (line-beginning-position) (line-end-position)))
(with-temp-file "%(seen)s" (insert (json-encode seen)))
(kill-emacs 0)
"""


def run_session(folder: Path) -> dict[str, Any]:
    notes = make_notes(folder / "notes")
    recipe, session, seen = (folder / name for name in ("recipe.el", "session.el", "seen.json"))
    recipe.write_text(read_recipe("Emacs", "elisp"), "utf-8")
    session.write_text(SESSION % {"recipe": recipe, "seen": seen}, "utf-8")
    command = [find_program("emacs", "TECHSTOCK_EMACS"), "-q", "--batch", "-l", str(session)]
    environment = make_environment(folder)
    done = subprocess.run(command, cwd=notes, env=environment, capture_output=True, check=False, timeout=6 * WAIT)
    if done.returncode == 3:
        pytest.skip("Emacs has no eglot or no markdown-mode")
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(seen.read_text("utf-8"))
    return found


def test_emacs(tmp_path: Path) -> None:
    seen = run_session(tmp_path)
    [problem] = seen["problems"]
    assert "this definition of `待避` repeats another" in problem
    assert "a.md:5" in problem
    assert seen["references"] == 3
    assert seen["definition"] == "a.md:5"
    assert seen["fixed"].split("\n")[5] == FIXED_LINE
    assert DEFINITION in seen["hover"]
    assert seen["completed"] == "- 入港: 船は、𠮷野の港"
    assert (tmp_path / "notes" / "a.md").read_text("utf-8") == NOTES["a.md"], "nothing is saved"
