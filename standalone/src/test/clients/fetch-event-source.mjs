// @microsoft/fetch-event-source, made for browsers: it wants a window and a document. Two things are its user's business.
// An end that is no error ends it, so that its user has to say that more is to come. And it notes an id before the event
// is whole, so that one that is cut off would be passed by: its user says what was taken in.
import {tell, terminal, urls} from './readers.mjs';

globalThis.window = globalThis;
globalThis.document = {hidden: false, addEventListener() {}, removeEventListener() {}};
const {fetchEventSource} = await import('@microsoft/fetch-event-source');

urls.forEach((url, reader) => {
  let seen;
  let over = false;
  fetchEventSource(url, {
    openWhenHidden: true,
    fetch: (input, init) => {
      const headers = {...init.headers};
      delete headers['last-event-id'];
      return fetch(input, {...init, headers: seen === undefined ? headers : {...headers, 'Last-Event-ID': seen}});
    },
    onmessage: ({id, event, data}) => {
      if (event === '') {
        return;
      }
      seen = id;
      over = terminal(event);
      tell(reader, id, event, data);
    },
    onclose: () => {
      if (!over) {
        throw new Error('more is to come');
      }
    },
    onerror: () => undefined,
  });
});
