// Waiting before another try, cut short when the connection or the person is back.
const resting = new Set();

export function rest(ms) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resting.delete(end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    resting.add(end);
  });
}

export function retryNow() {
  [...resting].forEach((end) => end());
}

window.addEventListener("online", retryNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
