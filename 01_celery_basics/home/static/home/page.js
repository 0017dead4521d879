// The front page of stage 1: send tasks, ask how they are, draw what it took.
"use strict";

const ENDED = ["SUCCESS", "FAILURE", "REVOKED"];
const NAP = 100; // milliseconds between two questions about a task; more when it is slow
const NOBODY = 15; // seconds without a worker's sign before we say so
const tasks = []; // newest first: {name, url, id, sent, state, seconds, text, onEnd}
const element = (id) => document.getElementById(id);
const since = (start) => (performance.now() - start) / 1000;

function make(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// --- talking to the server ---------------------------------------------------

class Trouble extends Error {}

async function ask(url, options) {
  let answer, body;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, ...options });
  } catch {
    throw new Trouble("The web server does not answer. Is the stage still running?");
  }
  try {
    body = await answer.json();
  } catch {
    throw new Trouble(`The server answered ${answer.status}, without a reason.`);
  }
  if (answer.ok) return body;
  const reasons = body.detail || Object.entries(body).map(([field, words]) => `${field}: ${[].concat(words).join(" ")}`).join(" ");
  throw new Trouble(`${answer.status}: ${reasons}`);
}

function post(url, values) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return ask(url, { method: "POST", headers, body: JSON.stringify(values || {}) });
}

function complain(error) {
  const place = element("trouble");
  const words = error ? error.message : "";
  if (place.textContent !== words) place.textContent = words;
  place.hidden = !error;
}

async function attempt(button, action) {
  button.disabled = true;
  try {
    await action();
    complain(null);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    complain(error);
  } finally {
    button.disabled = false;
  }
}

// --- the tasks -----------------------------------------------------------------

function follow(name, link, onEnd) {
  const task = { name, url: link.status_url, id: link.task_id, sent: performance.now(), state: "PENDING", seconds: 0, text: "", onEnd };
  tasks.unshift(task);
  showTasks();
  watch(task);
  return task;
}

async function watch(task) {
  let nap = NAP;
  let away = false;
  while (!ENDED.includes(task.state)) {
    await new Promise((done) => setTimeout(done, nap));
    try {
      const news = await ask(task.url);
      if (away) complain(null);
      away = false;
      nap = since(task.sent) < 1 ? NAP : 3 * NAP;
      if (news.state !== task.state) element("news").textContent = `${task.name}: ${news.state}`;
      task.state = news.state;
      task.text = news.error || words(news.result);
    } catch (error) {
      complain(error);
      away = true;
      nap = Math.min(nap * 2, 5000);
    }
    task.seconds = since(task.sent);
    if (task.state === "PENDING" && task.seconds > NOBODY) {
      task.text = "Still waiting. Is a worker running for this queue?";
      nap = Math.max(nap, 1000);
    }
    showTasks();
  }
  if (task.onEnd) task.onEnd(task);
}

function words(result) {
  if (result === null || result === undefined) return "";
  return typeof result === "object" ? Object.entries(result).map(([key, value]) => `${key}: ${value}`).join(", ") : String(result);
}

function showTasks() {
  element("tasks").replaceChildren(...tasks.slice(0, 50).map((task) => {
    const row = make("tr");
    const state = make("td", task.state, task.state === "SUCCESS" ? "good" : ["FAILURE", "RETRY"].includes(task.state) ? "bad" : "");
    const link = make("a", task.id.slice(0, 8));
    link.href = task.url;
    const id = make("td");
    id.append(link);
    row.append(make("td", task.name), state, make("td", `${task.seconds.toFixed(1)} s`), make("td", task.text), id);
    return row;
  }));
}

// --- bars ------------------------------------------------------------------------

class Chart {
  constructor(place) {
    this.place = place;
    this.rows = new Map(); // label -> {seconds, start, kind}
    setInterval(() => this.draw(false), 100);
  }

  begin(label, kind = "") {
    this.rows.set(label, { start: performance.now(), seconds: 0, kind });
  }

  end(label, seconds) {
    const row = this.rows.get(label);
    if (!row) return;
    row.seconds = seconds ?? since(row.start);
    row.start = null;
    this.draw(true);
  }

  drop(label) {
    this.rows.delete(label);
    this.draw(true);
  }

  draw(always) {
    const rows = [...this.rows];
    if (!always && !rows.some(([, row]) => row.start !== null)) return;
    for (const [, row] of rows) if (row.start !== null) row.seconds = since(row.start);
    const longest = Math.max(0.1, ...rows.map(([, row]) => row.seconds));
    this.place.replaceChildren(...rows.flatMap(([label, row]) => {
      const track = make("div", undefined, `track ${row.kind}`);
      track.innerHTML = `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect height="10" width="${Math.max(0.6, (100 * row.seconds) / longest)}"/></svg>`;
      track.append(make("span", `${row.seconds.toFixed(2)} s${row.start === null ? "" : " …"}`, "time"));
      return [make("div", label, "label"), track];
    }));
  }
}

// --- the buttons -------------------------------------------------------------------

const jobs = new Chart(element("job-chart"));
element("job").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = Number(element("seconds").value);
  const blocking = event.submitter?.value !== "task";
  const label = blocking ? "Request, blocking" : "Request, task";
  attempt(event.submitter || event.target.querySelector("button"), async () => {
    jobs.begin(label, blocking ? "wait" : "done");
    let answer;
    try {
      answer = await post(blocking ? "/slow/blocking/" : "/slow/task/", { seconds });
    } catch (error) {
      jobs.drop(label);
      throw error;
    }
    jobs.end(label);
    if (blocking) return;
    const finish = "Task, by the worker";
    jobs.begin(finish);
    follow(`Fetch marks, ${seconds} s`, answer, () => jobs.end(finish));
  });
});

element("report").addEventListener("submit", (event) => {
  event.preventDefault();
  const ages = { min_age: Number(element("min-age").value), max_age: Number(element("max-age").value) };
  attempt(event.target.querySelector("button"), async () => {
    element("report-link").hidden = true;
    follow("Age report", await post("/api/students/by-age/", ages), (task) => {
      element("report-link").hidden = task.state !== "SUCCESS";
      element("report-link").querySelector("span").textContent = `(${task.text})`;
    });
  });
});

const crowd = new Chart(element("crowd-chart"));
element("crowd").addEventListener("click", (event) => attempt(event.target, async () => {
  const sent = await post(event.target.dataset.post);
  crowd.rows.clear();
  const send = (name, link, kind) => {
    crowd.begin(name, kind);
    follow(name, link, () => crowd.end(name));
  };
  sent.slow.forEach((link, number) => send(`Slow ${number + 1}`, link, ""));
  send("Quick, behind them", sent.quick_in_slow_queue, "wait");
  send("Quick, own queue", sent.quick_in_default_queue, "done");
}));

element("again").addEventListener("click", (event) => attempt(event.target, async () => {
  const sent = await post(event.target.dataset.post);
  let left = sent.tasks.length;
  const count = async () => {
    left -= 1;
    if (left) return;
    try {
      const now = await ask(`/certificates/${sent.student}/`);
      element("again-result").textContent = `${sent.name} has ${now.certificates} certificate and ${now.printouts} printed sheets.`;
    } catch (error) {
      complain(error);
    }
  };
  sent.tasks.forEach((link, number) => follow(number < 2 ? "Award certificate" : "Print certificate", link, count));
}));

for (const button of document.querySelectorAll("button[data-name]")) {
  button.addEventListener("click", () => attempt(button, async () => {
    follow(button.dataset.name, await post(button.dataset.post, JSON.parse(button.dataset.body || "{}")));
  }));
}

// --- the clock -----------------------------------------------------------------------

async function showRollCalls() {
  try {
    const { roll_calls: calls } = await ask("/attendance/roll-calls/");
    if (calls.length) {
      element("roll-calls").replaceChildren(...calls.map((call) => make("li", `${new Date(call.taken_at).toLocaleTimeString()}: ${call.students} students`)));
    }
  } catch {
    element("roll-calls").replaceChildren(make("li", "The list cannot be read just now."));
  }
  setTimeout(showRollCalls, 5000);
}
showRollCalls();
