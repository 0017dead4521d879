// The dashboard: one card and one socket a job. The server sends whole states, never
// differences, so a card may be drawn again from any of them. It gives every address, too.
"use strict";

const LIST_EVERY = 5000; // ms between two looks for jobs that other windows have started
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
    put(card, name, job[name]);
  }
  const bar = card.querySelector("progress");
  bar.max = job.total;
  bar.value = job.done;
  card.querySelector(".cancel").hidden = job.final;
  card.querySelector(".download").hidden = job.state !== "succeeded";
  if (job.final) card.dataset.final = "";
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

function watch(card) {
  const socket = liveSocket(card.dataset.socket, {
    onFrame(frame) {
      if ("log" in frame) addLine(card, frame);
      if ("seq" in frame) draw(card, frame);
      say(card, "");
      if (frame.final) socket.stop();
    },
    onState(state, words) {
      if (state === "waiting" || state === "ended") say(card, words);
      if (state === "waiting") ask(card);
    },
  });
}

// While the socket is away, plain HTTP may still tell how the job is.
async function ask(card) {
  try {
    const response = await fetch(card.dataset.status);
    if (response.ok) draw(card, await response.json());
  } catch {
    // The server is away, too; the card says so.
  }
}

// --- the list ----------------------------------------------------------------------

function addCard(job) {
  if (document.getElementById("job-" + job.id)) return;
  const card = document.getElementById("new-job").content.firstElementChild.cloneNode(true);
  card.id = "job-" + job.id;
  Object.assign(card.dataset, { socket: job.socket_url, status: job.status_url, seq: -1, lines: 0 });
  card.querySelector(".cancel").action = job.cancel_url;
  card.querySelector(".download").href = job.file_url;
  put(card, "name", job.id.slice(0, 8)); // as Job.name
  card.querySelector("progress").ariaLabel = `Rows written by job ${job.id.slice(0, 8)}`;
  card.querySelector(".log").ariaLabel = `Log of job ${job.id.slice(0, 8)}`;
  draw(card, job);
  list.prepend(card);
  document.getElementById("no-jobs").hidden = true;
  watch(card);
}

async function lookForJobs() {
  try {
    const response = await fetch(list.dataset.list);
    if (response.ok) (await response.json()).jobs.reverse().forEach(addCard);
  } catch {
    // The server is away; the cards say so, and the next look comes soon.
  }
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
  for (const card of list.querySelectorAll(".job:not([data-final])")) watch(card);
  for (const log of list.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
  setInterval(lookForJobs, LIST_EVERY);
}
