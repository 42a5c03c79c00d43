// Drives a server with masto: commands as lines of JSON on standard input, results on standard output.
//
//   node drive.mjs URL TOKEN
//
// {"do": "subscribe", "stream": ["hashtag", "tea"]}   answers {"ready": [...]}, then {"event": ...}
// {"do": "unsubscribe", "stream": ["hashtag", "tea"]} answers {"left": [...]}
// {"do": "rest", "name": "...", "given": {...}}       answers {"result": ...}

import { createInterface } from "node:readline";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";

const [url, accessToken] = process.argv.slice(2);
const rest = createRestAPIClient({ url, accessToken });
const instance = await rest.v2.instance.fetch();
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// masto connects again on its own: say when a connection ends.
let socket;
let opened;
const connected = new Promise((resolve) => {
  opened = resolve;
});

class Told extends WebSocket {
  constructor(...parameters) {
    super(...parameters);
    socket = this;
    this.on("open", opened);
    this.on("close", (code) => tell({ closed: code }));
  }
}

// The server answers in turn: when the ping is back, what was said before it has been heard.
async function heard() {
  await connected;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => {
    socket.once("pong", resolve);
    socket.ping();
  });
}

const streaming = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming,
  accessToken,
  implementation: Told,
});
const open = new Map();

const channels = {
  user: () => streaming.user.subscribe(),
  "user:notification": () => streaming.user.notification.subscribe(),
  public: () => streaming.public.subscribe(),
  "public:local": () => streaming.public.local.subscribe(),
  "public:media": () => streaming.public.media.subscribe(),
  hashtag: (tag) => streaming.hashtag.subscribe({ tag }),
  "hashtag:local": (tag) => streaming.hashtag.local.subscribe({ tag }),
  list: (list) => streaming.list.subscribe({ list }),
  direct: () => streaming.direct.subscribe(),
};

async function subscribe(stream) {
  const subscription = channels[stream[0]](stream[1]);
  open.set(stream.join(" "), subscription);
  try {
    for await (const event of subscription) {
      tell({ event: event.event, stream: event.stream, payload: event.payload });
    }
  } catch (error) {
    tell({ failed: stream, reason: String(error) });
  }
}

// What Elk and Phanpy do in a first minute, without streams.
const steps = {
  async talk() {
    const status = await rest.v1.statuses.create({ status: "from #masto", visibility: "public" });
    const edited = await rest.v1.statuses.$select(status.id).update({ status: "again #masto" });
    const favourited = await rest.v1.statuses.$select(status.id).favourite();
    const home = await rest.v1.timelines.home.list({ limit: 5 });
    const tagged = await rest.v1.timelines.tag.$select("masto").list();
    const context = await rest.v1.statuses.$select(status.id).context.fetch();
    const gone = await rest.v1.statuses.$select(status.id).remove();
    return {
      content: edited.content,
      favourited: favourited.favourited,
      home: home.map((each) => each.id),
      tagged: tagged.map((each) => each.id),
      descendants: context.descendants.length,
      text: gone.text,
      id: status.id,
    };
  },
  async push() {
    const devices = rest.v1.push.subscription;
    const keys = {
      p256dh:
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    };
    const made = await devices.create({
      subscription: { endpoint: "https://push.example/masto", keys },
      data: { alerts: { mention: true, follow: false }, policy: "followed" },
    });
    const known = await devices.fetch();
    const changed = await devices.update({ data: { alerts: { follow: true } } });
    await devices.remove();
    const gone = await devices.fetch().catch((error) => error.statusCode);
    return {
      same: made.id === known.id,
      key: known.serverKey.length,
      alerts: [known.alerts.mention, known.alerts.follow, changed.alerts.follow],
      gone,
    };
  },
  async device({ endpoint, keys, standard }) {
    const made = await rest.v1.push.subscription.create({
      subscription: { endpoint, keys, standard },
      data: { alerts: { mention: true, follow: true }, policy: "all" },
    });
    return { endpoint: made.endpoint, key: made.serverKey, standard: made.standard };
  },
  async alerts({ alerts }) {
    return (await rest.v1.push.subscription.update({ data: { alerts } })).alerts;
  },
  async silence() {
    await rest.v1.push.subscription.remove();
    return true;
  },
  async account() {
    const me = await rest.v1.accounts.verifyCredentials();
    const found = await rest.v1.accounts.lookup({ acct: me.acct });
    const changed = await rest.v1.accounts.updateCredentials({ displayName: "By masto" });
    const relations = await rest.v1.accounts.relationships.fetch({ id: [me.id] });
    const search = await rest.v2.search.list({ q: me.username, type: "accounts" });
    const preferences = await rest.v1.preferences.fetch();
    return {
      same: me.id === found.id && search.accounts.some((each) => each.id === me.id),
      name: changed.displayName,
      relations: relations.length,
      visibility: preferences["posting:default:visibility"],
    };
  },
  async pages() {
    const ids = [];
    for await (const page of rest.v1.timelines.public.list({ limit: 2 })) {
      ids.push(...page.map((each) => each.id));
      if (ids.length >= 6) break;
    }
    return ids;
  },
  async missing() {
    try {
      await rest.v1.statuses.$select("1887436799999999999").fetch();
    } catch (error) {
      return { status: error.statusCode, message: error.message };
    }
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.do === "subscribe") {
    void subscribe(command.stream);
    await heard();
    tell({ ready: command.stream });
  } else if (command.do === "unsubscribe") {
    open.get(command.stream.join(" ")).unsubscribe();
    await heard();
    tell({ left: command.stream });
  } else if (command.do === "rest") {
    tell({ result: await steps[command.name](command.given) });
  }
}
process.exit(0);
