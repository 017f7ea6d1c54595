// Where the techstock program is. Nothing here knows VS Code, so that it is tested by itself.

import * as fs from "node:fs";
import * as path from "node:path";

export interface Surroundings {
  /** The setting `techstock.path`. */
  readonly setting: string;
  readonly folders: readonly string[];
  /** Whether the user trusts the workspace. Without that, nothing inside of its folders is run. */
  readonly trusted: boolean;
  readonly home: string;
  /** The environment variable PATH. */
  readonly searchPath: string;
  readonly windows: boolean;
}

export interface Executable {
  readonly file: string;
  /** How it was found, for the output. */
  readonly reason: string;
}

/** Return the techstock program to run, or a sentence that says why there is none. */
export function findExecutable(around: Surroundings): Executable | string {
  const setting = around.setting.trim();
  if (setting) {
    return checkSetting(expandSetting(setting, around), around);
  }
  const candidates = [...listVirtualEnvironments(around), ...listSearchPath(around)];
  return (
    candidates.find((one) => isRunnable(one.file) && mayRun(one.file, around)) ??
    "techstock was not found" +
      (around.trusted ? "" : " outside of this workspace, which is not trusted") +
      ": install it, or set `techstock.path`"
  );
}

function checkSetting(file: string, around: Surroundings): Executable | string {
  if (!isRunnable(file)) {
    return `\`techstock.path\` is ${file}, where there is no program`;
  }
  if (!mayRun(file, around)) {
    return `\`techstock.path\` is ${file}, which is inside of this workspace, and the workspace is not trusted`;
  }
  return { file, reason: "the setting `techstock.path`" };
}

function expandSetting(setting: string, around: Surroundings): string {
  const inHome = /^~[\\/]/.test(setting) ? path.join(around.home, setting.slice(2)) : setting;
  return path.resolve(around.folders[0] ?? around.home, inHome);
}

function* listVirtualEnvironments(around: Surroundings): Generator<Executable> {
  const [folder, name] = around.windows ? ["Scripts", "techstock.exe"] : ["bin", "techstock"];
  for (const root of around.trusted ? around.folders : []) {
    for (const environment of [".venv", "venv"]) {
      const file = path.join(root, environment, folder, name);
      yield { file, reason: "the virtual environment of the workspace" };
    }
  }
}

function* listSearchPath(around: Surroundings): Generator<Executable> {
  const name = around.windows ? "techstock.exe" : "techstock";
  for (const folder of around.searchPath.split(around.windows ? ";" : ":")) {
    // A relative folder would be one of whatever the working directory is.
    if (path.isAbsolute(folder)) {
      yield { file: path.join(folder, name), reason: "the PATH" };
    }
  }
}

function isRunnable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Return whether a program may be run: in an untrusted workspace, only if neither it nor its link is inside. */
function mayRun(file: string, around: Surroundings): boolean {
  return (
    around.trusted ||
    !around.folders.some((folder) => isInside(file, folder) || isInside(resolveLinks(file), resolveLinks(folder)))
  );
}

function isInside(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way === "" || (way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

function resolveLinks(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return path.resolve(file);
  }
}
