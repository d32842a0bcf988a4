// For `newsclaims report --serve`: fetches new data at every interval, and shows its age.

let fetched = Date.now();

function showProblem(problem) {
  const place = document.getElementById("problem");
  if (place.textContent !== problem) place.textContent = problem;
  place.hidden = !problem;
  document.getElementById("live").classList.toggle("stale", Boolean(problem));
}

function drawAge() {
  const seconds = Math.round((Date.now() - fetched) / 1000);
  document.getElementById("age").textContent = seconds < 2 ? "updated just now" : `updated ${formatDuration(seconds).replace(/\.\d+/, "")} ago`;
}

async function refresh() {
  try {
    const answer = await fetch("data.json", {cache: "no-store"});
    const fresh = await answer.json();
    if (fresh.problem) showProblem(`${fresh.problem}. The page shows older data.`);
    else {
      const previous = data.choices.map((choice) => [choice.dimension, choice.keys[selection[choice.dimension]]]);
      data = fresh;
      for (const [dimension, value] of previous) {
        const choice = data.choices.find((each) => each.dimension === dimension);
        if (choice) selection[dimension] = Math.max(0, choice.keys.indexOf(value));
      }
      showProblem("");
      fetched = Date.now() - fresh.age * 1000;
      await drawPage();
    }
  } catch {
    showProblem("The server of this page does not respond: restart newsclaims report --serve. The page shows older data.");
  }
  drawAge();
  setTimeout(refresh, data.every);
}

setInterval(drawAge, 1000);
setTimeout(refresh, data.every);
