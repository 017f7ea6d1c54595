// VS Code in a browser: code-server and Chromium, driven as a user drives them.

import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE = 30_000; // milliseconds until a step has failed
const SETTINGS = {
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "hidden",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/**
 * Start VS Code on a folder, with the extension.
 *
 * `modules` is the folder in which code-server and puppeteer-core are installed, `scratch` an empty one.
 */
export async function openWorkbench({ modules, scratch, folder, chromium, extension, settings, viewport }) {
  const data = path.join(scratch, "data");
  fs.mkdirSync(path.join(data, "User"), { recursive: true });
  fs.writeFileSync(path.join(data, "User", "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  const entry = path.join(modules, "node_modules/code-server/out/node/entry.js");
  const common = [entry, "--user-data-dir", data, "--extensions-dir", path.join(scratch, "extensions")];
  common.push("--config", path.join(scratch, "config.yaml"));
  const environment = { ...process.env };
  for (const name of Object.keys(environment).filter((one) => /^(VSCODE|NODE)_/.test(one))) {
    delete environment[name];
  }
  const options = { env: environment, encoding: "utf-8" };
  const installed = spawnSync(process.execPath, [...common, "--install-extension", extension], options);
  if (installed.status !== 0) {
    throw new Error(`the extension was not installed: ${installed.stdout}${installed.stderr}`);
  }
  const flags = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check"];
  const server = spawn(process.execPath, [...common, ...flags, "--disable-getting-started-override"], options);
  try {
    const address = await findAddress(server);
    const { default: puppeteer } = await import(
      createRequire(path.join(modules, "package.json")).resolve("puppeteer-core")
    );
    const browser = await puppeteer.launch({
      executablePath: chromium,
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--lang=en-US", "--force-color-profile=srgb"],
      defaultViewport: viewport ?? { width: 1200, height: 760 },
      userDataDir: path.join(scratch, "chromium"),
    });
    const page = await browser.newPage();
    await page.goto(`${address}?folder=${encodeURIComponent(folder)}`);
    await page.waitForSelector(".monaco-workbench .explorer-folders-view .monaco-list-row", { timeout: 60_000 });
    return new Workbench(page, async () => {
      await browser.close();
      server.kill();
    });
  } catch (error) {
    server.kill();
    throw error;
  }
}

async function findAddress(server) {
  let said = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (data) => (said += data));
  }
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    const found = /listening on (http:\S+)/.exec(said);
    if (found) {
      return found[1];
    }
    await sleep(100);
  }
  throw new Error(`code-server did not start: ${said}`);
}

/** One window of VS Code. */
export class Workbench {
  constructor(page, close) {
    this.page = page;
    this.close = close;
  }

  /** Wait until `find` returns something, and return it. */
  async waitFor(what, find, patience = PATIENCE) {
    for (let waited = 0; waited < patience; waited += 100) {
      const found = await find();
      if (found) {
        return found;
      }
      await sleep(100);
    }
    throw new Error(`waited in vain for ${what}`);
  }

  waitForSome(selector) {
    return this.waitFor(selector, async () => (await this.page.$$(selector)).length);
  }

  /** Wait until the texts of the elements that are shown are as wanted, and return them. */
  async waitForTexts(selector, areWanted) {
    let texts = [];
    try {
      await this.waitFor(selector, async () => areWanted((texts = await this.getTexts(selector))));
    } catch (error) {
      throw new Error(`${error.message}; there is ${JSON.stringify(texts)}`);
    }
    return texts;
  }

  /** Return the texts of the elements that are shown. */
  getTexts(selector) {
    return this.page.$$eval(selector, (found) =>
      found.filter((one) => one.getClientRects().length).map((one) => one.innerText.replaceAll("\u00a0", " ")),
    );
  }

  async press(...keys) {
    for (const key of keys.slice(0, -1)) {
      await this.page.keyboard.down(key);
    }
    await this.page.keyboard.press(keys.at(-1));
    for (const key of keys.slice(0, -1).reverse()) {
      await this.page.keyboard.up(key);
    }
  }

  /** Type into the editor, as pasted: a Japanese text has no keys. */
  async type(text) {
    await this.page.keyboard.sendCharacter(text);
  }

  /** Add a text to what is asked for at the top of the window. */
  async fillQuickInput(text) {
    const box = ".quick-input-widget:not([style*='display: none']) input";
    await this.page.waitForSelector(box, { timeout: PATIENCE });
    await this.type(text);
  }

  /** Run a command by its name in the command palette. */
  async runCommand(name) {
    await this.press("F1");
    await this.fillQuickInput(name);
    await this.waitFor(`the command ${name}`, async () =>
      (await this.getTexts(".quick-input-list .monaco-list-row.focused")).some((row) => row.includes(name)),
    );
    await this.press("Enter");
  }

  /** Open a file of the folder from the explorer; the quick way needs a program that not every installation has. */
  async openFile(name) {
    const row = await this.page.waitForSelector(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`);
    const isOpen = async () => (await this.getTexts(".tab.active")).some((tab) => tab.includes(name));
    await this.waitFor(`the editor of ${name}`, async () => {
      await row.click({ count: 2 }); // the first one may close what is open above
      return this.waitFor(name, isOpen, 3_000).catch(() => false);
    });
    await this.page.mouse.move(700, 400); // or the path of the file is shown there
    await this.page.waitForSelector(".editor-instance .monaco-editor.focused", { timeout: PATIENCE });
  }

  /** Put the cursor at a line and a column, both from 1. */
  async goTo(line, column) {
    await this.press("Control", "g");
    const box = ".quick-input-widget:not([style*='display: none']) input";
    await this.page.waitForSelector(box, { timeout: PATIENCE });
    await this.type(`${line}:${column}`);
    await sleep(200);
    await this.press("Enter");
    await sleep(200);
  }

  async takePicture(file) {
    await this.page.screenshot({ path: file });
  }
}

export { sleep };
