// Waiting before another try, cut short when the connection or the person is back.
const resting = new Set();

// A `firm` rest is one that the service asked for; nothing cuts it short.
export function rest(ms, firm = false) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resting.delete(end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (!firm) resting.add(end);
  });
}

export function retryNow() {
  [...resting].forEach((end) => end());
}

window.addEventListener("online", retryNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
