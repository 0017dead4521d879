// The dashboard: one card and one socket a job. The server sends whole states, never
// differences, so a card may be drawn again from any of them.
"use strict";

const LIST_EVERY = 5000; // ms between two looks for jobs that other windows have started
const FIRST_WAIT = 500, LONGEST_WAIT = 10000; // ms before the next try to connect
const NOT_LOGGED_IN = 4401, NO_SUCH_JOB = 4404;
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
  put(card, "connection", words);
}

// --- the socket --------------------------------------------------------------------

function watch(card, tries = 0) {
  const scheme = location.protocol === "https:" ? "wss://" : "ws://";
  const socket = new WebSocket(`${scheme}${location.host}/ws/jobs/${card.dataset.id}/`);
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if ("log" in frame) addLine(card, frame);
    if (!("seq" in frame)) return;
    draw(card, frame);
    tries = 0;
    say(card, "");
  };
  socket.onclose = (event) => {
    if (event.code === NO_SUCH_JOB) return say(card, "There is no such job any more.");
    if ("final" in card.dataset) return say(card, "");
    tryAgain(card, tries + 1, event.code);
  };
}

// Wait longer after each failure, and never exactly as long as the others do: after a
// restart of the server all browsers would come back in the same instant.
async function tryAgain(card, tries, code) {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
  const wait = longest * (0.5 + Math.random() / 2);
  const seconds = (wait / 1000).toFixed(1);
  say(card, `The live connection is lost. Trying again in ${seconds} s (try ${tries}).`);
  const answer = await ask(card);
  if (answer === 401) return say(card, "You are logged out. Log in to see this job.");
  if (answer === 404) return say(card, "There is no such job any more.");
  if ("final" in card.dataset) return say(card, "");
  setTimeout(() => {
    say(card, `Connecting again (try ${tries}).`);
    watch(card, tries);
  }, wait);
}

// Meanwhile plain HTTP may still tell how the job is. Returns the status, 0 without one.
async function ask(card) {
  try {
    const response = await fetch(`/jobs/${card.dataset.id}/`);
    if (response.ok) draw(card, await response.json());
    return response.status;
  } catch {
    return 0;
  }
}

// --- the list ----------------------------------------------------------------------

function addCard(id, total) {
  const known = document.getElementById("job-" + id);
  if (known) return known;
  const card = document.getElementById("new-job").content.firstElementChild.cloneNode(true);
  Object.assign(card.dataset, { id, seq: 0, lines: 0, state: "queued" });
  card.id = "job-" + id;
  put(card, "state", "queued");
  put(card, "total", total ?? "");
  card.querySelector(".cancel").action = `/jobs/${id}/cancel/`;
  card.querySelector(".download").href = `/jobs/${id}/file/`;
  list.prepend(card);
  document.getElementById("no-jobs").hidden = true;
  watch(card);
  return card;
}

async function lookForJobs() {
  try {
    const response = await fetch("/jobs/");
    if (!response.ok) return;
    const { jobs } = await response.json();
    jobs.reverse().forEach((job) => addCard(job.id, job.total));
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
    const answer = await response.json();
    if (response.status === 202) addCard(answer.id);
    else error.textContent = answer.detail;
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
