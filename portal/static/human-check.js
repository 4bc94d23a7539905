// Solves the altcha challenge of the registration form (a proof of work) in a worker, and says so in words.
// Where it cannot (an old browser, plain http), the question in the form stays.
(() => {
  const box = document.querySelector("[data-human-check]");
  if (!box || !window.Worker || !window.crypto || !crypto.subtle) return;
  const status = box.querySelector("[role=status]");
  const question = box.querySelector("[data-question]");
  const field = box.querySelector("input[name=altcha]");
  const form = box.closest("form");
  // What the summary above a form that came back says of the question: nothing to mend while nobody is asked.
  const faults = [...document.querySelectorAll(`.error-summary a[href="#${question.querySelector("input").id}"]`)];
  const challenge = JSON.parse(box.dataset.humanCheck);
  let waiting = null;

  const show = (asked) => {
    question.hidden = !asked;
    for (const fault of faults) {
      const list = fault.closest("ul");
      fault.closest("li").hidden = !asked;
      list.parentElement.hidden = [...list.children].every((line) => line.hidden);
    }
  };
  const finish = (solved) => {
    status.textContent = solved ? box.dataset.done : box.dataset.failed;
    show(!solved);
    if (waiting && solved) form.requestSubmit(waiting);
    waiting = null;
  };
  const ask = () => { finish(false); worker.terminate(); form.removeEventListener("submit", hold); };
  const hold = (event) => {
    if (field.value || box.querySelector("input[name=answer]").value) return;
    event.preventDefault();
    waiting = event.submitter;
    status.textContent = box.dataset.wait;
  };

  show(false);
  if (field.value) return finish(true);
  status.textContent = box.dataset.checking;
  const worker = new Worker(box.dataset.worker);
  worker.onerror = ask;
  worker.onmessage = ({ data }) => {
    if (data === null) return ask();
    const { algorithm, salt, signature } = challenge;
    field.value = btoa(JSON.stringify({ algorithm, challenge: challenge.challenge, salt, signature, number: data }));
    worker.terminate();
    finish(true);
  };
  form.addEventListener("submit", hold);
  worker.postMessage(challenge);
})();
