// Do in VS Code what a user does, and print what is seen as JSON, by the name of the step.
//
// The argument is the JSON of what `openWorkbench` takes, with the name of a scenario.

import { openWorkbench, sleep } from "./workbench.mjs";

const PROBLEMS = ".markers-panel .monaco-list-row";
const MENU = ".action-widget .monaco-list-row";
const SQUIGGLE = ".editor-instance .squiggly-warning";
const NOTIFICATION = ".notification-toast .notification-list-item-message";

const SCENARIOS = {
  async *notes(bench) {
    await bench.openFile("b.md");
    await bench.waitForSome(SQUIGGLE);
    await bench.runCommand("Problems: Focus on Problems View");
    yield ["problems", await bench.waitForTexts(PROBLEMS, (rows) => rows.length > 2)];

    await bench.openFile("c.md");
    await bench.goTo(5, 9);
    await bench.runCommand("Show or Focus Hover");
    yield ["hover", await bench.waitForTexts(".monaco-hover", (found) => found.join("").includes("待避"))];

    await bench.openFile("b.md");
    await bench.goTo(5, 4);
    await bench.press("F12");
    await bench.waitForTexts(".tab.active", ([tab]) => tab?.includes("a.md"));
    yield ["definition", await bench.waitForTexts(".line-numbers.active-line-number", ([line]) => line === "5")];

    await bench.goTo(6, 7);
    await bench.waitForSome(SQUIGGLE);
    await bench.press("Control", ".");
    yield ["menu", await bench.waitForTexts(MENU, (rows) => rows.length > 1)];
    await bench.press("Enter");
    yield ["fixed", await bench.waitForTexts(".view-line", (lines) => lines.some((line) => line.includes("港: ")))];

    yield ["terms", await findSymbols(bench, "港")];

    await bench.openFile("c.md");
    await bench.press("Control", "End");
    await bench.type("- 入港: 船は𠮷野の");
    await bench.press("Control", " ");
    yield ["completion", await bench.waitForTexts(".suggest-widget .monaco-list-row", (rows) => rows[0]?.includes("港"))];
    await bench.press("Enter");
    yield ["completed", await bench.waitForTexts(".view-line", (lines) => lines.at(-1)?.endsWith("港"))];

    await bench.openFile("b.md");
    await bench.goTo(5, 4);
    await bench.press("Control", "Shift", "r");
    await bench.waitForTexts(MENU, (rows) => rows.some((row) => row.includes("merge")));
    await bench.press("Enter");
    yield ["preview", await bench.waitForTexts(".bulk-edit-panel .monaco-list-row", (rows) => rows.length > 1)];
    await bench.page.click(".bulk-edit-panel .monaco-list-row .edit-checkbox");
    await bench.page.click(".bulk-edit-panel .monaco-button");
    yield ["merged", await bench.waitForTexts(".view-line", (lines) => lines.some((line) => line.includes("→")))];
    await bench.waitForTexts(PROBLEMS, (rows) => !rows.length);
    yield ["undone", await undo(bench)];
  },

  /** With problems of all notes, and the settings of docs/editors.md. */
  async *settings(bench) {
    await bench.openFile("a.md");
    await bench.waitForSome(SQUIGGLE);
    await bench.runCommand("Problems: Focus on Problems View");
    yield ["problems", await bench.waitForTexts(PROBLEMS, (rows) => rows.join("").includes("b.md"))];

    await bench.openFile("a.md");
    await bench.press("Control", "End");
    await bench.type("- 潮: 𠮷");
    await bench.type("野");
    yield ["completion", await bench.waitForTexts(".suggest-widget .monaco-list-row", (rows) => rows[0]?.includes("港"))];
    await bench.press("Enter");
    await bench.press("Control", "s");
    yield ["saved", await bench.waitForTexts(".view-line", (lines) => lines.some((line) => line.includes("港: ")))];
    await bench.waitForTexts(".tab.active.dirty", (tabs) => !tabs.length);
  },

  /** The settings and the folder `.venv` name a program that must not be run. */
  async *untrusted(bench) {
    await bench.openFile("b.md");
    yield ["said", await bench.waitForTexts(NOTIFICATION, (found) => found.some((text) => text.includes("techstock")))];
  },

  /** What docs/editors.md shows of this repository's own notes. */
  async *pictures(bench) {
    await bench.openFile("61-70.md");
    await bench.waitForSome(SQUIGGLE);
    await bench.runCommand("Problems: Focus on Problems View");
    await bench.waitForTexts(PROBLEMS, (rows) => rows.length > 2);
    await bench.press("Control", "b");
    await bench.goTo(16, 5);
    yield ["problems", []];

    await bench.goTo(11, 7);
    await bench.runCommand("Show or Focus Hover");
    await bench.waitForTexts(".monaco-hover", (found) => found.join("").includes("DRAINING"));
    yield ["hover", []];
    await bench.press("Escape");

    await bench.press("Control", "t");
    await bench.fillQuickInput("amazon");
    await bench.waitForTexts(".quick-input-list .monaco-list-row", (rows) => rows.length > 2);
    yield ["terms", []];
    await bench.press("Escape");

    await bench.goTo(16, 5);
    await bench.press("Control", ".");
    await bench.waitForTexts(MENU, (rows) => rows.length > 2);
    yield ["actions", []];
    await bench.press("Escape");
    await bench.press("Control", "Shift", "r");
    await bench.waitForTexts(MENU, (rows) => rows.some((row) => row.includes("merge")));
    await bench.press("Enter");
    await bench.waitForTexts(".bulk-edit-panel .monaco-list-row", (rows) => rows.length > 1);
    yield ["preview", []];
  },
};

async function findSymbols(bench, text) {
  await bench.press("Control", "t");
  await bench.fillQuickInput(text);
  const found = await bench.waitForTexts(".quick-input-list .monaco-list-row", (rows) => rows.length > 2);
  await bench.press("Escape");
  return found;
}

/** Undo the last change of the note, and return the problems when there are any again. */
async function undo(bench) {
  await bench.openFile("b.md");
  await bench.press("Control", "z");
  return bench.waitForTexts(PROBLEMS, (rows) => rows.length > 1);
}

const given = JSON.parse(process.argv[2]);
const bench = await openWorkbench(given);
const seen = {};
try {
  for await (const [step, found] of SCENARIOS[given.scenario](bench)) {
    seen[step] = found;
    if (given.pictures) {
      await sleep(300);
      await bench.takePicture(`${given.pictures}/${given.scenario}-${step}.png`);
    }
  }
} catch (error) {
  seen.error = String(error);
  if (given.pictures) {
    await bench.takePicture(`${given.pictures}/${given.scenario}-error.png`);
  }
} finally {
  await bench.close();
}
console.log(JSON.stringify(seen));
