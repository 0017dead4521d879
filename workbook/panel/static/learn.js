// The course: which exercises are done, and what the check says, live.
"use strict";

const EVERY = 1000; // milliseconds
const KEYS = { c: "check", h: "hint", s: "solution", e: "edit" };
const token = document.querySelector("meta[name=room-token]").content;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
let next = null;
let before = new Map(); // of each exercise, what its check said

const set = (element, words) => {
  if (element.textContent !== words) element.textContent = words;
};

function show(row, checking) {
  const card = find(`#e-${row.name}`);
  const state = checking ? "checking…" : row.done ? "done" : row.begun ? "begun" : "";
  card.className = `card exercise ${row.done ? "running" : row.said.length ? "dead" : ""}`;
  set(find(".state", card), state);
  const said = JSON.stringify(row.said);
  if (before.get(row.name) === said) return;
  const lines = row.said.map((line) => {
    const item = document.createElement("li");
    item.className = line.kind;
    item.textContent = { met: "ok: ", unmet: "not yet: ", why: "" }[line.kind] + line.text;
    return item;
  });
  find(".verdict", card).replaceChildren(...lines);
  if (before.has(row.name) && row.said.length) {
    const unmet = row.said.find((line) => line.kind !== "met");
    set(find("#said"), `${row.name}: ${row.done ? "solved." : unmet?.text ?? ""}`);
  }
  before.set(row.name, said);
}

function showPath(steps) {
  for (const step of steps) set(find(`[data-step="${step.name}"] .state`), step.state);
  const done = steps.filter((step) => step.state === "done").length;
  const at = steps.find((step) => step.state === "next");
  const where = at ? `next is ${at.name}, ${at.title} (make build)` : done ? "all are done" : "not begun (make build)";
  set(find("#step"), `The path from an empty folder: ${done} of ${steps.length} steps, ${where}.`);
}

async function look() {
  try {
    const now = await (await fetch("/api/course")).json();
    for (const row of now.exercises) show(row, row.name === now.checking);
    const done = now.exercises.filter((row) => row.done).length;
    set(find("#count"), `${done} of ${now.exercises.length} done.`);
    next = now.next;
    showPath(now.steps);
  } catch {
    set(find("#said"), "The course does not answer: has make learn ended?");
  }
}

async function act(card, wanted) {
  const path = `/api/exercises/${card.dataset.exercise}/${wanted}`;
  const answer = await fetch(path, { method: "POST", headers: { "X-Room-Token": token } });
  const value = await answer.json();
  const long = wanted === "hint" || wanted === "solution";
  const box = find(".answer", card);
  box.hidden = !long;
  if (long) set(box, value.answer);
  set(find("#said"), long ? `${card.dataset.exercise}: ${wanted} shown.` : (value.answer ?? value.detail));
  await look();
}

function goOn() {
  if (!next) return;
  const card = find(`#e-${next}`);
  card.scrollIntoView({ block: "center" });
  card.focus();
}

for (const card of all("[data-exercise]")) {
  for (const button of all("[data-act]", card)) button.addEventListener("click", () => act(card, button.dataset.act));
  card.addEventListener("keydown", (event) => { // only while the focus is in here
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "n") goOn();
    else if (KEYS[event.key]) act(card, KEYS[event.key]);
    else return;
    event.preventDefault();
  });
}
find("#next").addEventListener("click", goOn);
setInterval(look, EVERY);
look();
