"use strict";
// Everything is in the page before this runs: it chooses a section, searches, keeps decisions, and listens to keys.
const page = document.documentElement, words = document.body.dataset, search = document.getElementById("search");
const views = [...document.querySelectorAll(".view")], tabs = [...document.querySelectorAll("[data-tab]")];
const ROW = ".cluster, .list > li";
const view = { name: views.length ? views[0].id : "", query: "", show: "all" };
page.classList.add("js");

// ---- state, in the URL: #glossary?q=text, #duplicates?show=read, or #c-FINGERPRINT for one row
function currentView() { return document.getElementById(view.name); }

function readHash() {
  const [name, rest] = splitHash(), target = name && document.getElementById(name);
  const section = target && target.closest(".view");
  if (!section) return;
  const given = new URLSearchParams(rest);
  view.name = section.id;
  if (target === section) Object.assign(view, { query: given.get("q") || "", show: given.get("show") || "all" });
  else Object.assign(view, { query: "", show: "all" });
  render();
  if (target !== section) reveal(target);
  else scrollTo(0, 0);
}

function splitHash() {
  const text = location.hash.slice(1), at = text.indexOf("?");
  const parts = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  try { return [decodeURIComponent(parts[0]), parts[1]]; } catch { return ["", ""]; }
}

function writeHash() {
  const given = new URLSearchParams();
  if (view.query) given.set("q", view.query);
  if (view.show !== "all") given.set("show", view.show);
  const text = given.toString();
  try { history.replaceState(null, "", `#${view.name}${text ? `?${text}` : ""}`); } catch { /* no history here */ }
}

function reveal(element) {
  for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  element.scrollIntoView({ block: "start" });
  if (element.matches(ROW)) choose(element);
}

function render() {
  for (const one of views) one.hidden = one.id !== view.name;
  for (const tab of tabs) {
    if (tab.dataset.tab === view.name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  if (search.value !== view.query) search.value = view.query;
  showOnly();
  showHits();
}

// ---- only some of the rows
function showOnly() {
  const section = currentView();
  for (const button of section.querySelectorAll("[data-show]"))
    button.setAttribute("aria-pressed", String(button.dataset.show === view.show));
  if (view.name === "glossary") {
    for (const list of section.querySelectorAll(".terms")) list.classList.toggle("only-several", view.show === "several");
  }
  if (view.name !== "duplicates") return;
  for (const pair of section.querySelectorAll(".pair")) {
    let any = false;
    for (const row of pair.querySelectorAll(".cluster")) {
      row.hidden = !isShown(row);
      any = any || !row.hidden;
    }
    pair.hidden = !any;
  }
}

function isShown(row) {
  if (view.show === "all") return true;
  return view.show === "undecided" ? !decisions[row.dataset.finding] : row.dataset.kind === view.show;
}

// ---- search: the text of each list is folded once, when somebody is about to search; a blank line is between its rows
const indexes = new Map(), MAX_HITS = 100, BETWEEN = "\n\n";

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\u30a1-\u30f6]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 96));
}

function startIndex(section) {
  if (!indexes.has(section.id))
    indexes.set(section.id, { lists: section.querySelectorAll(".rows .list, .rows .cluster"), texts: [] });
  return indexes.get(section.id);
}

function growIndex(index, until) {
  while (index.texts.length < index.lists.length && until() > 0)
    index.texts.push(fold(index.lists[index.texts.length].textContent));
  return index.texts.length === index.lists.length;
}

function prepareIndex() {
  const wait = window.requestIdleCallback || ((run) => setTimeout(() => run({ timeRemaining: () => 8 }), 30));
  const index = startIndex(currentView());
  const step = (idle) => { if (!growIndex(index, () => idle.timeRemaining())) wait(step); };
  wait(step);
}

function findRows(index, wanted) {
  const found = [];
  let count = 0;
  index.texts.forEach((text, number) => {
    const list = index.lists[number], one = list.matches(".cluster");
    for (let at = text.indexOf(wanted), row = 0, from = 0; at >= 0;) {
      count++;
      if (found.length < MAX_HITS) {
        for (let end; !one && (end = text.indexOf(BETWEEN, from)) >= 0 && end < at; from = end + BETWEEN.length) row++;
        found.push(one ? list : list.children[row]);
      }
      const end = one ? -1 : text.indexOf(BETWEEN, at);
      at = end < 0 ? -1 : text.indexOf(wanted, end);
    }
  });
  return { found, count };
}

function showHits() {
  const section = currentView(), hits = section.querySelector(".hits"), wanted = fold(view.query.trim());
  for (const one of section.querySelectorAll(":scope > .rows, :scope > .index, :scope > .tiles, :scope > .wide"))
    one.hidden = wanted !== "";
  hits.hidden = wanted === "";
  hits.replaceChildren();
  if (wanted === "") return;
  const index = startIndex(section);
  growIndex(index, () => 1);
  const { found, count } = findRows(index, wanted), said = document.createElement("p");
  said.className = "remark";
  said.textContent = words.found.replace("{count}", count.toLocaleString("en"));
  if (count > MAX_HITS) said.textContent += ` (${words.firstShown.replace("{count}", String(MAX_HITS))})`;
  hits.append(said, ...copyRows(found));
}

function copyRows(rows) {
  const lists = [];
  for (const row of rows) {
    const copy = row.cloneNode(true);
    for (const one of [copy, ...copy.querySelectorAll("[id]")]) one.removeAttribute("id");
    copy.hidden = false;
    if (row.tagName !== "LI") { lists.push(copy); continue; }
    let list = lists[lists.length - 1];
    if (!list || list.className !== row.parentElement.className) {
      list = row.parentElement.cloneNode(false);
      lists.push(list);
    }
    list.append(copy);
  }
  return lists;
}

// ---- buttons, which are the same in each row
function makeButton(text, given) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  Object.assign(button.dataset, given);
  return button;
}

function addButtons(row) {
  const actions = row.querySelector(".actions"), group = document.createElement("div");
  for (const code of actions.querySelectorAll("code")) code.after(" ", makeButton(words.copy, { copy: "" }));
  group.className = "decide";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.decision);
  for (const name of canMerge(row) ? ["merge", "ignore", "later"] : ["ignore", "later"]) {
    const button = makeButton(words[name], { decision: name });
    button.setAttribute("aria-pressed", "false");
    group.append(button, " ");
  }
  actions.append(group);
}

function canMerge(row) { return !["refused", "note"].includes(row.dataset.kind); }

// ---- decisions, by fingerprint; storage may be blocked
const KEPT = `techstock ${words.name}`;
let decisions = {};

function loadDecisions() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) || "{}");
    for (const [key, value] of Object.entries(found))
      if (/^[0-9a-f]{20}$/.test(key) && ["merge", "ignore", "later"].includes(value)) decisions[key] = value;
  } catch { document.getElementById("not-kept").hidden = false; }
}

function saveDecisions() {
  try { localStorage.setItem(KEPT, JSON.stringify(decisions)); }
  catch { document.getElementById("not-kept").hidden = false; }
  showDecisions();
}

function decide(row, decision) {
  const key = row.dataset.finding;
  if (decision === "merge" && !canMerge(row)) return;
  if (decisions[key] === decision) delete decisions[key];
  else decisions[key] = decision;
  saveDecisions();
}

function showDecisions() {
  const script = document.getElementById("script");
  if (!script) return;
  for (const row of document.querySelectorAll(".cluster")) {
    const decision = decisions[row.dataset.finding] || "", shown = row.querySelector(".decided");
    if (shown.textContent === (words[decision] || "")) continue;
    shown.textContent = words[decision] || "";
    for (const button of row.querySelectorAll("[data-decision]"))
      button.setAttribute("aria-pressed", String(button.dataset.decision === decision));
  }
  const mine = listDecided();
  document.getElementById("decided").textContent = String(mine.merge.length + mine.ignore.length + mine.later.length);
  script.value = writeScript(mine);
}

function listDecided() {
  const here = new Set([...document.querySelectorAll(".cluster[data-finding]")].map((row) => row.dataset.finding));
  const found = { merge: [], ignore: [], later: [] };
  for (const key of here) if (decisions[key]) found[decisions[key]].push(key);
  return found;
}

function writeScript(mine) {
  const choices = words.choices ? ` ${words.choices}` : "", lines = ["#!/bin/sh", `# ${words.scriptHead}`];
  if (mine.merge.length) lines.push(`techstock merge${choices} --apply \\`, `  ${mine.merge.join(" \\\n  ")}`);
  const named = mine.ignore.map((key) => `--fingerprint ${key}`);
  if (named.length) lines.push(`techstock lint${choices} --add-ignores --reason ${words.reason} --exit-zero \\`, `  ${named.join(" \\\n  ")}`);
  for (const key of mine.later) lines.push(`# ${words.later}: ${key}`);
  return `${lines.join("\n")}\n`;
}

function acceptReady(pair) {
  for (const row of pair.querySelectorAll('[data-kind="ready"]'))
    if (!decisions[row.dataset.finding]) decisions[row.dataset.finding] = "merge";
  saveDecisions();
}

function download(text) {
  const link = document.createElement("a");
  link.href = `data:text/x-shellscript;charset=utf-8,${encodeURIComponent(text)}`;
  link.download = "techstock-decisions.sh";
  link.click();
}

async function copy(text, button) {
  try { await navigator.clipboard.writeText(text); }
  catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const before = button.textContent;
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = before; }, 1200);
}

// ---- mouse and keys
document.addEventListener("click", (event) => {
  const button = event.target.closest("button"), row = event.target.closest(ROW);
  if (row) choose(row, false);
  if (!button) return;
  const given = button.dataset;
  if (given.show) {
    view.show = view.show === given.show ? "all" : given.show;
    writeHash();
    showOnly();
  } else if (given.decision) decide(row, given.decision);
  else if ("accept" in given) acceptReady(button.closest(".pair"));
  else if ("copy" in given) copy(button.parentElement.querySelector("code").textContent, button);
  else if (given.copyFrom) copy(document.getElementById(given.copyFrom).value, button);
  else if (button.id === "download") download(document.getElementById("script").value);
  else if (button.id === "clear") { decisions = {}; saveDecisions(); }
});

let timer = 0;
search.addEventListener("focus", prepareIndex);
search.addEventListener("input", () => {
  view.query = search.value;
  showHits();
  clearTimeout(timer);
  timer = setTimeout(writeHash, 200);
});

let chosen = null;

function choose(row, scroll = true) {
  if (chosen) chosen.classList.remove("here");
  chosen = row;
  row.classList.add("here");
  if (scroll) row.scrollIntoView({ block: "nearest" });
}

function listVisibleRows() {
  const section = currentView(), hits = section.querySelector(".hits");
  const open = `:is(${ROW}):not([hidden]):not(details:not([open]) *)`;
  return [...(hits.hidden ? section : hits).querySelectorAll(open)].filter((row) => row.checkVisibility());
}

function move(by) {
  if (view.name === "duplicates" && currentView().querySelector(".hits").hidden) openPairs();
  const rows = listVisibleRows(), at = rows.indexOf(chosen);
  const row = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (!row) return;
  choose(row);
  (row.querySelector("summary") || row).focus({ preventScroll: true });
}

function openPairs() {
  const pairs = [...currentView().querySelectorAll(".pair:not([hidden])")];
  const at = pairs.findIndex((pair) => chosen && pair.contains(chosen));
  for (const pair of pairs.slice(Math.max(at, 0), at + 2)) pair.open = true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) {
    if (event.key === "Escape") { search.value = view.query = ""; showHits(); writeHash(); search.blur(); }
    return;
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const shown = chosen && chosen.checkVisibility() ? chosen : null, decision = { m: "merge", i: "ignore", l: "later" }[event.key];
  if (event.key === "/") search.focus();
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "o" && shown && shown.tagName === "DETAILS") shown.open = !shown.open;
  else if (decision && shown && shown.dataset.finding) decide(shown, decision);
  else return;
  event.preventDefault();
});

addEventListener("hashchange", readHash);
addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details:not(.keys)")) one.open = true; });

for (const row of document.querySelectorAll(".cluster")) addButtons(row);
if (document.getElementById("not-kept")) loadDecisions();
if (views.length) { render(); readHash(); }
showDecisions();
