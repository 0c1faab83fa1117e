// nlp.js as its own guide sets it up: trains on train.jsonl, understands lines.jsonl, writes result.json.
// It is told the true language of every line; the others have to find it out.
"use strict";

const fs = require("fs");
const path = require("path");
const { dockStart } = require("@nlpjs/basic");

const read = (file) =>
  fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function main(folder) {
  const examples = read(path.join(folder, "train.jsonl"));
  const dock = await dockStart({
    settings: { nlp: { autoSave: false, log: false, nlu: { log: false } } },
    use: ["Basic", "LangAll"],
  });
  const nlp = dock.get("nlp");
  for (const language of new Set(examples.map((example) => example.language))) nlp.addLanguage(language);
  for (const { language, text, intent } of examples) nlp.addDocument(language, text, intent);

  const before = process.cpuUsage();
  await nlp.train();
  const { user, system } = process.cpuUsage(before);
  const trainSeconds = (user + system) / 1e6;

  const model = path.join(folder, "nlpjs-model.json");
  fs.writeFileSync(model, nlp.export());
  const parsed = [];
  for (const { lang, text } of read(path.join(folder, "lines.jsonl"))) {
    const begun = process.hrtime.bigint();
    const { intent } = await nlp.process(lang, text);
    parsed.push({ intent, ms: Number(process.hrtime.bigint() - begun) / 1e6 });
  }
  const result = {
    train_seconds: trainSeconds,
    load_seconds: null,
    model_mb: fs.statSync(model).size / 1e6,
    rss_mb: process.memoryUsage().rss / 1e6,
    parsed,
  };
  fs.writeFileSync(path.join(folder, "result.json"), JSON.stringify(result));
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
