// npm's eventsource, as it comes: it is over when the server answers 204.
import {EventSource} from 'eventsource';
import {tell, types, urls} from './readers.mjs';

urls.forEach((url, reader) => {
  const source = new EventSource(url);
  for (const type of types) {
    source.addEventListener(type, (event) => tell(reader, event.lastEventId, event.type, event.data));
  }
});
