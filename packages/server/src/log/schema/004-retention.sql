-- What hears an event beside those of its chat goes with the event.
CREATE INDEX event_topic_position ON event_topic (position);
