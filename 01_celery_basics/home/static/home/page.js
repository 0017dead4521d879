// The front page of stage 1: send tasks, ask how they are, draw what it took.
"use strict";

const ENDED = ["SUCCESS", "FAILURE", "REVOKED"];
const NAP = 100; // milliseconds between two questions about a task; more when it is slow
const NOBODY = 15; // seconds without a worker's sign before we say so
const tasks = []; // newest first: {name, url, id, sent, state, seconds, text, story, …}
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

// How a task is shown beside its button: `place`, the list; `say`, its result in words.
function follow(name, link, { place, say, onEnd } = {}) {
  const task = { name, url: link.status_url, id: link.task_id, sent: performance.now(), state: "PENDING", seconds: 0, text: "", tries: 0, steps: [], say, onEnd };
  if (place) {
    task.line = make("li");
    element(place).append(task.line);
    while (element(place).children.length > 4) element(place).firstChild.remove();
  }
  tasks.unshift(task);
  showTasks();
  tell(task);
  watch(task);
  return task;
}

const IN_WORDS = {
  PENDING: "waits in the queue",
  STARTED: "a worker has it",
  RETRY: "failed; it waits and is tried again",
  SUCCESS: "done",
  FAILURE: "failed for good",
  REVOKED: "called off",
};
const LOOK = { SUCCESS: "good", FAILURE: "bad", REVOKED: "bad" };

function tell(task) {
  if (!task.line) return;
  const time = `${task.seconds.toFixed(1)} s`;
  const end = task.text ? `: ${task.text}` : "";
  task.line.className = LOOK[task.state] || "waits";
  const line = `${task.name}: ${IN_WORDS[task.state] || task.state} (${time})${end}`;
  task.line.replaceChildren(make("span", line), ...(task.steps.length > 1 ? [make("span", task.steps.join(" → "), "steps")] : []));
}

// What the page has seen of a task's way, for the second line: "failed at 0.1 s → ...".
function note(task, news) {
  const failed = news.state === "RETRY" && (task.state !== "RETRY" || task.error !== news.error);
  if (failed) task.steps.push(`${news.error} (${task.seconds.toFixed(1)} s)`);
  task.error = news.error;
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
      if (news.state !== task.state) element("news").textContent = `${task.name}: ${IN_WORDS[news.state] || news.state}`;
      note(task, news);
      task.state = news.state;
      task.text = news.error || (task.say && news.state === "SUCCESS" ? task.say(news.result) : words(news.result));
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
    tell(task);
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
    const state = make("td", task.state, LOOK[task.state] || "");
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
    follow(`Fetch marks, ${seconds} s`, answer, { onEnd: () => jobs.end(finish) });
  });
});

element("report").addEventListener("submit", (event) => {
  event.preventDefault();
  const ages = { min_age: Number(element("min-age").value), max_age: Number(element("max-age").value) };
  attempt(event.target.querySelector("button"), async () => {
    element("report-link").hidden = true;
    follow("Age report", await post("/api/students/by-age/", ages), {
      place: "report-story",
      say: (result) => `${result.students} students are in ${result.file}`,
      onEnd: (task) => { element("report-link").hidden = task.state !== "SUCCESS"; },
    });
  });
});

const counted = (result) => (Number.isInteger(result) ? `${result} students` : words(result));
const crowd = new Chart(element("crowd-chart"));
element("crowd").addEventListener("click", (event) => attempt(event.target, async () => {
  const sent = await post(event.target.dataset.post);
  crowd.rows.clear();
  const send = (name, link, kind) => {
    crowd.begin(name, kind);
    follow(name, link, { onEnd: () => crowd.end(name), say: counted });
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
      element("again-result").textContent = `Four deliveries, and ${sent.name} has ${now.certificates} certificate and ${now.printouts} printed sheets.`;
    } catch (error) {
      complain(error);
    }
  };
  element("again-story").replaceChildren();
  element("again-result").textContent = "";
  const awarded = (isNew) => (isNew ? "the certificate is new" : "there is one already: nothing changed");
  const printed = (sheets) => `sheet number ${sheets} is printed`;
  sent.tasks.forEach((link, number) => {
    const award = number < 2;
    const delivery = number % 2 ? "second delivery" : "first delivery";
    const name = `${award ? "Award" : "Print"} the certificate, ${delivery}`;
    follow(name, link, { place: "again-story", say: award ? awarded : printed, onEnd: count });
  });
}));

for (const button of document.querySelectorAll("button[data-name]")) {
  button.addEventListener("click", () => attempt(button, async () => {
    follow(button.dataset.name, await post(button.dataset.post, JSON.parse(button.dataset.body || "{}")), { place: "bad-story" });
  }));
}

// --- the clock -----------------------------------------------------------------------

// By the school's clock, wherever the browser is.
function clock(time) {
  return new Date(time).toLocaleTimeString("en-GB", { timeZone: document.documentElement.dataset.zone });
}

async function showRollCalls() {
  try {
    const { roll_calls: calls } = await ask("/attendance/roll-calls/");
    if (calls.length) {
      element("roll-calls").replaceChildren(...calls.map((call) => make("li", `${clock(call.taken_at)}: ${call.students} students`)));
    }
  } catch {
    element("roll-calls").replaceChildren(make("li", "The list cannot be read just now."));
  }
  setTimeout(showRollCalls, 5000);
}
showRollCalls();
