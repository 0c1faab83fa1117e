// Waiting before another try, cut short when the connection or the person is back.
const resting = new Set();

// Resolves to true when it was cut short. A `firm` rest is one that the service asked for; nothing cuts it.
export function rest(ms, firm = false) {
  return new Promise((resolve) => {
    const end = (isCut) => {
      clearTimeout(timer);
      resting.delete(end);
      resolve(isCut);
    };
    const timer = setTimeout(() => end(false), ms);
    if (!firm) resting.add(end);
  });
}

export function retryNow() {
  [...resting].forEach((end) => end(true));
}

window.addEventListener("online", retryNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
