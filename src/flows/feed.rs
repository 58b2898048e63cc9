//! Tells listeners what has changed, and what they missed.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::broadcast;

/// How many events are kept for those who come back.
const KEPT: usize = 1024;

/// Which tiles hold something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TilesTouched {
    /// Exactly these, as z, x, y.
    Some(Vec<(u8, u32, u32)>),
    /// So many that all of the layer's are best fetched again.
    All { all: bool },
}

/// One change that listeners hear of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    pub seq: i64,
    pub layer: Arc<str>,
    /// Text ids of the features touched; empty when the layer was read anew.
    pub features: Vec<Arc<str>>,
    pub tiles: TilesTouched,
}

/// The feed of changes.
pub struct Feed(Mutex<Kept>);

struct Kept {
    /// Gone once the service stops, which ends every listener's stream.
    sender: Option<broadcast::Sender<Arc<Event>>>,
    events: VecDeque<Arc<Event>>,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed(Mutex::new(Kept { sender: Some(broadcast::channel(KEPT).0), events: VecDeque::new() }))
    }
}

impl Feed {
    /// Sends an event to whoever listens.
    pub fn send(&self, event: Event) {
        let event = Arc::new(event);
        let mut kept = self.0.lock();
        if kept.events.len() == KEPT {
            kept.events.pop_front();
        }
        kept.events.push_back(event.clone());
        // Nobody listening is no fault.
        let _ = kept.sender.as_ref().map(|s| s.send(event));
    }

    /// What has been sent after a seq, and a receiver of what follows, without a hole between.
    /// `None` for the past when it reaches further back than what is kept; `started` is the seq at which
    /// the service began to keep events.
    pub fn since(&self, seq: i64, started: i64) -> (Option<Vec<Arc<Event>>>, broadcast::Receiver<Arc<Event>>) {
        let kept = self.0.lock();
        let whole = match kept.events.front() {
            Some(first) if kept.events.len() == KEPT => first.seq <= seq,
            _ => started <= seq,
        };
        let past = kept.events.iter().filter(|e| e.seq > seq).cloned().collect();
        (whole.then_some(past), kept.receiver())
    }

    /// A receiver of what follows.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.0.lock().receiver()
    }

    /// Ends every listener's stream: the service stops.
    pub fn close(&self) {
        self.0.lock().sender = None;
    }
}

impl Kept {
    fn receiver(&self) -> broadcast::Receiver<Arc<Event>> {
        match &self.sender {
            Some(sender) => sender.subscribe(),
            // Closed: a receiver whose sender is gone already.
            None => broadcast::channel(1).1,
        }
    }
}
