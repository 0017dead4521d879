// The machine room. The server tells what is; this page shows it. What stands already is
// changed in place, so whoever reads or tabs through it stays where they are.
"use strict";

const DRAWN = 14; // marks in one place; the rest is counted
const LISTED = 15; // rows of the table
const KEPT = 120; // tasks that this page remembers
const token = document.querySelector("meta[name=room-token]").content;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const tasks = new Map(); // by id, the latest changed last
const marks = new Map(); // by id
const states = new Map(); // of the processes, by name
let ending = "";

const set = (element, words) => {
  if (element && element.textContent !== words) element.textContent = words;
};
const say = (words) => set(find("#said"), words);
const short = (name) => name.split(".").pop().replaceAll("_", " ");
const seconds = (from, to) => (from && to && to >= from ? `${(to - from).toFixed(1)} s` : "");

// --- Processes ---------------------------------------------------------------

function figures(one) {
  if (!one.pid) return one.state === "stopped" ? "stopped here" : "gone";
  const parts = [`pid ${one.pid}`];
  if (one.children.length && !find(`#p-${one.name} .children`)) parts.push(`children ${one.children.join(", ")}`);
  parts.push(`${Math.round(one.memory / 1e6)} MB`, `${Math.round(one.cpu)} % of a core`);
  return parts.join(" · ");
}

// What each child of a worker does now: its task, as far as the workers have told.
function showChildren(one) {
  const list = find(`#p-${one.name} .children`);
  if (!list) return;
  const doing = new Map();
  for (const task of tasks.values()) if (task.state === "running" && task.child) doing.set(task.child, short(task.name));
  const pids = one.state === "running" || one.state === "frozen" ? one.children : [];
  while (list.children.length > pids.length) list.lastChild.remove();
  while (list.children.length < pids.length) list.append(document.createElement("li"));
  pids.forEach((pid, at) => set(list.children[at], `child ${pid}: ${doing.get(pid) ?? "idle"}`));
}

function possible(act, one) {
  const down = one.state === "stopped" || one.state === "dead";
  if (act === "start") return down;
  if (act === "kill-child") return one.children.length > 0;
  if (act === "thaw") return one.state === "frozen";
  return !down && !(act === "freeze" && one.state === "frozen");
}

function showProcess(one) {
  const card = find(`#p-${one.name}`);
  if (!card) return;
  card.className = `card ${one.state}`;
  set(find(".state", card), one.state);
  set(find(".figures", card), figures(one));
  for (const button of all("button", card)) {
    button.setAttribute("aria-disabled", String(!possible(button.dataset.act, one)));
  }
  const before = states.get(one.name);
  if (before && before !== one.state && !ending) say(`${one.name} is ${one.state}.`);
  states.set(one.name, one.state);
}

async function post(path) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "X-Room-Token": token } });
    const value = await answer.json();
    if (!answer.ok) say(value.detail);
    return answer.ok ? value : null;
  } catch {
    say("The machine room does not answer.");
    return null;
  }
}

async function press(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const name = button.closest("[data-process]").dataset.process;
  say(`${button.textContent}: ${name} …`);
  const now = await post(`/api/processes/${name}/${button.dataset.act}`);
  if (!now) return;
  showProcess(now);
  say(`${button.textContent}: ${name} is ${now.state}.`);
}

// --- Tasks -------------------------------------------------------------------

function placeOf(task) {
  if (task.state === "sent") return `sent ${task.queue}`;
  if (task.state === "waiting" || task.state === "running") return `${task.state} ${task.worker}`;
  return task.state === "rejected" ? "revoked" : task.state;
}

function label(task) {
  const again = task.deliveries > 1 ? ` (delivered ${task.deliveries} times)` : "";
  const tried = task.retries ? ` (retry ${task.retries})` : "";
  return short(task.name) + again + tried;
}

function draw(place, here) {
  const rows = here.slice(-DRAWN);
  const ids = new Set(rows.map((task) => task.id));
  const moved = [];
  for (const mark of all("li:not(.more)", place)) {
    if (!ids.has(mark.dataset.id)) { mark.remove(); }
  }
  for (const task of rows) {
    let mark = marks.get(task.id);
    if (!mark) {
      mark = document.createElement("li");
      mark.dataset.id = task.id;
      marks.set(task.id, mark);
    }
    mark.className = task.state;
    set(mark, label(task));
    if (mark.parentElement !== place) { place.append(mark); moved.push(mark); }
  }
  return moved;
}

function count(place, hidden) {
  let more = find(".more", place);
  if (!hidden) { more?.remove(); return; }
  if (!more) { more = document.createElement("li"); more.className = "more"; }
  set(more, `and ${hidden.toLocaleString("en")} more`);
  place.append(more);
}

function travel(moved, before) {
  if (calm.matches || moved.length > DRAWN) return; // too many to follow: they just stand
  for (const mark of moved) {
    const from = before.get(mark);
    const to = mark.getBoundingClientRect();
    if (!from) mark.animate([{ opacity: 0 }, { opacity: 1 }], 250);
    else mark.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: "none" }], { duration: 400, easing: "ease-in-out" });
  }
}

function showTasks(now) {
  for (const task of now.tasks) { tasks.delete(task.id); tasks.set(task.id, task); }
  while (tasks.size > KEPT) {
    const [oldest] = tasks.keys();
    tasks.delete(oldest);
    marks.get(oldest)?.remove();
    marks.delete(oldest);
  }
  const before = new Map();
  if (now.tasks.length <= DRAWN) for (const mark of marks.values()) if (mark.isConnected) before.set(mark, mark.getBoundingClientRect());
  const by = Map.groupBy ? Map.groupBy(tasks.values(), placeOf) : grouped();
  const moved = [];
  for (const place of all("[data-place]")) {
    const where = place.dataset.place;
    const here = by.get(where) ?? [];
    moved.push(...draw(place, here));
    const queue = where.startsWith("sent ") ? now.queues[where.slice(5)] : here.length;
    const waits = where.includes(" ");
    count(place, waits ? Math.max(0, (queue ?? 0) - Math.min(here.length, DRAWN)) : 0);
  }
  travel(moved, before);
  if (now.tasks.length) list();
}

function grouped() {
  const by = new Map();
  for (const task of tasks.values()) {
    const place = placeOf(task);
    if (by.has(place)) by.get(place).push(task);
    else by.set(place, [task]);
  }
  return by;
}

function list() {
  const body = find("#latest tbody");
  const latest = [...tasks.values()].slice(-LISTED).reverse();
  while (body.rows.length < latest.length) {
    const row = body.insertRow();
    for (let cell = 0; cell < 7; cell += 1) row.insertCell();
  }
  latest.forEach((task, at) => {
    const began = task.started ?? task.ended;
    const cells = [label(task), task.id.slice(0, 8), task.state, task.queue ?? "", task.worker ?? "", seconds(task.sent, began), seconds(task.started, task.ended)];
    cells.forEach((words, cell) => set(body.rows[at].cells[cell], words));
  });
}

// --- The last minute ---------------------------------------------------------

function showMinute(timeline, flood) {
  const total = (state) => timeline.reduce((sum, second) => sum + (second[state] ?? 0), 0);
  const kinds = ["done", "failed", "retried", "counted"];
  const parts = kinds.map((state) => `${total(state).toLocaleString("en")} ${state}`);
  set(find("#minute"), `${total("waiting").toLocaleString("en")} taken by a worker, ${parts.join(", ")}.${flood === null ? "" : ` Too many to draw: ${Math.round(flood).toLocaleString("en")} a second are only counted.`}`);
  const most = Math.max(4, ...timeline.map((s) => kinds.reduce((sum, kind) => sum + (s[kind] ?? 0), 0)));
  const bars = [];
  timeline.forEach((second, at) => {
    let floor = 80;
    for (const kind of kinds) {
      const height = (76 * (second[kind] ?? 0)) / most;
      if (!height) continue;
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const box = { class: kind, x: at * 10, y: floor - height, width: 8, height };
      for (const [name, value] of Object.entries(box)) bar.setAttribute(name, value);
      floor -= height;
      bars.push(bar);
    }
  });
  find("#timeline").replaceChildren(...bars);
}

// --- The whole ---------------------------------------------------------------

function show(now) {
  ending = now.ending;
  const ready = find("#ready");
  ready.className = ending ? "ending" : now.ready ? "yes" : "";
  const down = now.processes.filter((one) => one.state !== "running").map((one) => `${one.name} is ${one.state}`);
  const starting = now.broker ? "Starting…" : "The broker does not answer.";
  set(ready, ending || (now.ready ? "Everything is ready." : down.length ? `${down.join(", ")}.` : starting));
  now.processes.forEach(showProcess);
  for (const depth of all("[data-depth]")) set(depth, (now.queues[depth.dataset.depth] ?? 0).toLocaleString("en"));
  for (const counter of all("[data-count]")) {
    const state = counter.dataset.count;
    const number = now.counts[state] + (state === "revoked" ? now.counts.rejected : 0);
    set(counter, number.toLocaleString("en"));
  }
  showTasks(now);
  now.processes.forEach(showChildren);
  showMinute(now.timeline, now.flood);
}

async function readLogs() {
  for (const details of all("details[data-log][open]")) {
    const answer = await fetch(`/api/logs/${details.dataset.log}`).catch(() => null);
    if (!answer?.ok) continue;
    const { lines } = await answer.json();
    const log = find("pre", details);
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 5;
    set(log, lines.join("\n") || "Nothing yet.");
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}

function listen() {
  const source = new EventSource("/events");
  source.onmessage = (event) => show(JSON.parse(event.data));
  source.onerror = () => {
    const ready = find("#ready");
    ready.className = "ending";
    set(ready, ending || "The machine room does not answer: has the stage ended?");
  };
}

for (const button of all("[data-act]")) button.addEventListener("click", () => press(button));
for (const details of all("details[data-log]")) details.addEventListener("toggle", readLogs);
find("#twenty").addEventListener("click", async () => {
  say("Sending twenty slow tasks…");
  const answer = await post("/api/twenty");
  if (answer) say(answer.sent ? `${answer.sent} slow tasks sent.` : "The web took none of them.");
});
setInterval(readLogs, 1000);
listen();
