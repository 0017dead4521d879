// The dashboard: one card a job, and one socket for all of them. The server sends whole
// states, never differences, so a card may be drawn again from any of them. It gives every
// address, too.
"use strict";

const LIST_EVERY = 5000; // ms between two looks for jobs that other windows have started
const MOST_ENDED = 100; // cards of jobs that have ended
let pageSocket;
const list = document.getElementById("jobs");
const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// --- drawing -----------------------------------------------------------------------

function put(card, name, value) {
  for (const element of card.querySelectorAll("." + name)) {
    if (element.textContent !== String(value)) element.textContent = value;
  }
}

function draw(card, job) {
  if (job.seq <= Number(card.dataset.seq)) return; // older than what is shown
  card.dataset.seq = job.seq;
  card.dataset.state = job.state;
  for (const name of ["state", "message", "error", "done", "total", "percent", "attempt"]) {
    put(card, name, typeof job[name] === "number" ? job[name].toLocaleString("en") : job[name]);
  }
  const bar = card.querySelector("progress");
  bar.max = job.total;
  bar.value = job.done;
  card.querySelector(".download").hidden = job.state !== "succeeded";
  if (job.final) end(card);
}

// Folds the log. Whoever stood on Cancel stands on the log's line now, not nowhere.
function end(card) {
  const cancel = card.querySelector(".cancel"), summary = card.querySelector("summary");
  if (cancel.contains(document.activeElement)) summary.focus();
  if (!("final" in card.dataset)) card.querySelector("details").open = false;
  cancel.hidden = true;
  card.dataset.final = "";
}

// "last news 3 s ago": a bar that stands still tells whether anybody still speaks.
function showSilence() {
  for (const card of list.querySelectorAll(".job")) {
    const seconds = Math.round((Date.now() - card.dataset.heard) / 1000);
    const known = "heard" in card.dataset && !("final" in card.dataset);
    put(card, "heard", known ? `; last news ${seconds} s ago` : "");
  }
}

function addLine(card, frame) {
  if (frame.n <= Number(card.dataset.lines)) return; // sent again after a reconnect
  card.dataset.lines = frame.n;
  const log = card.querySelector(".log");
  log.append(frame.log + "\n");
  log.scrollTop = log.scrollHeight;
}

function say(card, words) {
  put(card, "connection", "final" in card.dataset ? "" : words);
}

// --- the socket --------------------------------------------------------------------

const cardOf = (id) => document.getElementById("job-" + id);
// Those whose end and whole log have not come yet.
const openCards = () => [...list.querySelectorAll(".job:not([data-told])")];

// One for the whole page. It is told which jobs the page shows.
function openSocket() {
  const socket = liveSocket("/ws/jobs/", {
    onFrame(frame) {
      const card = cardOf(frame.id);
      if (!card) return;
      card.dataset.heard = Date.now();
      if (frame.gone) return say(card, "There is no such job any more.");
      if ("log" in frame) addLine(card, frame);
      if ("seq" in frame) draw(card, frame);
      if (frame.final) card.dataset.told = "";
      say(card, "");
    },
    onState(state, words) {
      if (state === "open") watch(openCards(), socket);
      if (state === "waiting" || state === "ended") openCards().forEach((card) => say(card, words));
      if (state === "waiting") lookForJobs(); // plain HTTP may still tell how they are
    },
  });
  return socket;
}

function watch(cards, socket) {
  const ids = cards.map((card) => card.id.replace("job-", ""));
  for (let at = 0; at < ids.length; at += 50) socket.send({ watch: ids.slice(at, at + 50) });
}

// --- the list ----------------------------------------------------------------------

function addCard(job) {
  const card = document.getElementById("new-job").content.firstElementChild.cloneNode(true);
  card.id = "job-" + job.id;
  Object.assign(card.dataset, { seq: -1, lines: 0 });
  card.querySelector(".cancel").action = job.cancel_url;
  card.querySelector(".download").href = job.file_url;
  put(card, "name", job.id.slice(0, 8)); // as Job.name
  put(card, "id", job.id);
  const zone = { timeZone: document.documentElement.dataset.zone }; // the school's clock
  put(card, "created", new Date(job.created).toLocaleTimeString("en-GB", zone));
  card.querySelector("progress").ariaLabel = `Rows written by job ${job.id.slice(0, 8)}`;
  card.querySelector(".log").ariaLabel = `Log of job ${job.id.slice(0, 8)}`;
  draw(card, job);
  list.prepend(card);
  document.getElementById("no-jobs").hidden = true;
  watch([card], pageSocket);
}

async function lookForJobs() {
  try {
    const response = await fetch(list.dataset.list);
    if (response.ok) (await response.json()).jobs.reverse().forEach(showJob);
  } catch {
    // The server is away; the cards say so, and the next look comes soon.
  }
}

function showJob(job) {
  const card = cardOf(job.id);
  if (card) return draw(card, job);
  addCard(job);
  const ended = [...list.querySelectorAll(".job[data-final]")];
  for (const old of ended.slice(MOST_ENDED)) old.remove(); // a page may stay open for weeks
}

async function post(address, body) {
  return fetch(address, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
  });
}

async function start(event) {
  event.preventDefault();
  const form = event.target, error = document.getElementById("start-error");
  const button = form.querySelector("button");
  error.textContent = "";
  button.disabled = true;
  try {
    const response = await post(form.action, new FormData(form));
    if (response.status === 202) await lookForJobs();
    else error.textContent = (await response.json()).detail;
  } catch {
    error.textContent = "The server does not answer. Try again soon.";
  } finally {
    button.disabled = false;
  }
}

async function cancel(event) {
  if (!event.target.matches(".cancel")) return;
  event.preventDefault();
  const card = event.target.closest(".job");
  try {
    const response = await post(event.target.action, new FormData(event.target));
    if (response.status === 202) draw(card, await response.json());
    else say(card, (await response.json()).detail);
  } catch {
    say(card, "The server does not answer. Try again soon.");
  }
}

if (list) {
  document.getElementById("start").addEventListener("submit", start);
  list.addEventListener("submit", cancel);
  pageSocket = openSocket();
  for (const log of list.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
  setInterval(lookForJobs, LIST_EVERY);
  setInterval(showSilence, 1000);
}
