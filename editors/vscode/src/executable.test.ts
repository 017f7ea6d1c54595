import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findExecutable } from "./executable";
import type { Surroundings } from "./executable";

let base: string;

beforeEach(() => {
  base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "techstock-")));
});

afterEach(() => {
  fs.rmSync(base, { recursive: true });
});

function addProgram(...names: string[]): string {
  const file = path.join(base, ...names);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}

function look(given: Partial<Surroundings>): string {
  const folders = [path.join(base, "notes")];
  const found = findExecutable({
    setting: "",
    folders,
    trusted: true,
    home: path.join(base, "home"),
    searchPath: "",
    windows: false,
    ...given,
  });
  return typeof found === "string" ? found : found.file;
}

test("the setting comes first, then the virtual environment, then the PATH", () => {
  const onPath = addProgram("bin", "techstock");
  const searchPath = `${path.join(base, "other")}:${path.dirname(onPath)}`;
  assert.equal(look({ searchPath }), onPath);
  const old = addProgram("notes", "venv", "bin", "techstock");
  assert.equal(look({ searchPath }), old);
  const environment = addProgram("notes", ".venv", "bin", "techstock");
  assert.equal(look({ searchPath }), environment);
  const set = addProgram("set", "techstock");
  assert.equal(look({ searchPath, setting: set }), set);
});

test("a setting may be below the home folder or the workspace", () => {
  const inHome = addProgram("home", "tools", "techstock");
  assert.equal(look({ setting: "~/tools/techstock" }), inHome);
  const inFolder = addProgram("notes", "tools", "techstock");
  assert.equal(look({ setting: "tools/techstock" }), inFolder);
});

test("a setting without a program is named, and nothing else is run", () => {
  const onPath = addProgram("bin", "techstock");
  const said = look({ setting: "/nowhere/techstock", searchPath: path.dirname(onPath) });
  assert.match(said, /`techstock.path` is \/nowhere\/techstock, where there is no program/);
  fs.mkdirSync(path.join(base, "folder"));
  assert.match(look({ setting: path.join(base, "folder") }), /no program/);
});

test("nothing inside of an untrusted workspace is run", () => {
  const inside = addProgram("notes", ".venv", "bin", "techstock");
  const linked = path.join(base, "linked");
  fs.symlinkSync(path.join(base, "notes"), linked);
  const out = path.join(base, "out", "techstock");
  fs.mkdirSync(path.dirname(out));
  fs.symlinkSync(inside, out);
  const ways = [
    {},
    { searchPath: path.dirname(inside) },
    { searchPath: path.join(linked, ".venv", "bin") },
    { searchPath: path.dirname(out) },
    { setting: inside },
    { setting: ".venv/bin/techstock" },
    { setting: out },
    { folders: [linked], searchPath: path.dirname(inside) },
  ];
  for (const way of ways) {
    assert.equal(look({ ...way, trusted: true }).startsWith(base), true, JSON.stringify(way));
    assert.match(look({ ...way, trusted: false }), /not trusted/, JSON.stringify(way));
  }
});

test("a program of the workspace that leads outside of it is not run, either", () => {
  const outside = addProgram("outside", "techstock");
  const folder = path.join(base, "notes", "bin");
  fs.mkdirSync(folder, { recursive: true });
  fs.symlinkSync(outside, path.join(folder, "techstock"));
  assert.match(look({ searchPath: folder, trusted: false }), /not trusted/);
});

test("an untrusted workspace gets the program of the PATH", () => {
  addProgram("notes", ".venv", "bin", "techstock");
  const onPath = addProgram("notes-and-more", "techstock");
  assert.equal(look({ trusted: false, searchPath: path.dirname(onPath) }), onPath);
});

test("relative folders of the PATH are passed over", () => {
  addProgram("notes", "bin", "techstock");
  const before = process.cwd();
  process.chdir(path.join(base, "notes"));
  try {
    assert.match(look({ searchPath: "bin:.:" }), /was not found/);
  } finally {
    process.chdir(before);
  }
});

test("Windows has other names", () => {
  const program = addProgram("notes", ".venv", "Scripts", "techstock.exe");
  assert.equal(look({ windows: true }), program);
});
