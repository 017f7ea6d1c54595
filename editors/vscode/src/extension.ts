// Starts `techstock server`, and starts it again when the user asks for it, changes its path or trusts the workspace.

import * as os from "node:os";
import { commands, window, workspace } from "vscode";
import type { ExtensionContext, LogOutputChannel } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { findExecutable } from "./executable";

class Server {
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly output: LogOutputChannel) {}

  /** Stop the server if it runs, and start it. One restart waits for the other. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.end();
      await this.start();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.end());
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => this.report(String(error)));
    return this.queue;
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  private async start(): Promise<void> {
    const found = findExecutable({
      setting: readSetting("path", ""),
      folders: (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
      trusted: workspace.isTrusted,
      home: os.homedir(),
      searchPath: process.env["PATH"] ?? "",
      windows: process.platform === "win32",
    });
    if (typeof found === "string") {
      this.report(found);
      return;
    }
    this.output.info(`start ${found.file} (${found.reason})`);
    // The home folder: a workspace that is not trusted must not be the working directory of a program.
    const run = { command: found.file, args: ["server"], options: { cwd: os.homedir() } };
    this.client = new LanguageClient("techstock", "techstock", run, this.makeOptions());
    await this.client.start();
  }

  private makeOptions(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: "file", language: "markdown" },
        { scheme: "untitled", language: "markdown" },
      ],
      outputChannel: this.output,
      initializationOptions: readServerSettings(),
      // The server looks at files by itself.
    };
  }

  /** Tell the server of changed settings. */
  async sendSettings(): Promise<void> {
    await this.client?.sendNotification("workspace/didChangeConfiguration", { settings: readServerSettings() });
  }

  private report(text: string): void {
    this.output.error(text);
    void window.showErrorMessage(text, "Show Output", "Open Settings").then((answer) => {
      if (answer === "Show Output") {
        this.output.show();
      } else if (answer === "Open Settings") {
        void commands.executeCommand("workbench.action.openSettings", "techstock.path");
      }
    });
  }
}

function readSetting<T>(name: string, fallback: T): T {
  return workspace.getConfiguration("techstock").get<T>(name, fallback);
}

function readServerSettings(): { diagnostics: string; hidden: string[] } {
  return { diagnostics: readSetting("diagnostics", "open"), hidden: readSetting<string[]>("hidden", []) };
}

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("techstock", { log: true });
  const own = new Server(output);
  server = own;
  context.subscriptions.push(
    output,
    commands.registerCommand("techstock.restart", () => own.restart()),
    commands.registerCommand("techstock.showOutput", () => output.show()),
    workspace.onDidGrantWorkspaceTrust(() => own.restart()),
    workspace.onDidChangeConfiguration(async (event) => {
      // What the server offers is said once, at its start.
      if (event.affectsConfiguration("techstock.path") || event.affectsConfiguration("techstock.hidden")) {
        await own.restart();
      } else if (event.affectsConfiguration("techstock.diagnostics")) {
        await own.sendSettings();
      }
    }),
  );
  await own.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
