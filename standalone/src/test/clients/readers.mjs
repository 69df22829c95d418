// What the scripts here have in common: which streams to read, and how events are told to the test, a line of JSON each.

const {base, ids, types} = JSON.parse(process.argv[2]);

export {types};

export const terminal = (type) => type === 'stream.completed' || type === 'stream.failed';

export const urls = ids.map((id) => `${base}/v1/streams/${id}/events`);

export const tell = (reader, id, type, data) =>
  process.stdout.write(JSON.stringify({reader, id, type, data}) + '\n');
