//! A wire between a gateway and a service, which can be slow or cut answers off.
//!
//! It passes bytes and knows nothing of HTTP: with one answer after the other on a connection, what is read
//! at once from the service is an answer or a piece of one. Behind it a service that is gone does not refuse
//! connections: they are accepted and closed, which a gateway must not try again for a request with a body.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trouble {
    Nothing,
    /// Answers come so much later.
    Slow(Duration),
    /// So many of a hundred answers break off in their middle.
    Cut {
        percent: u64,
    },
}

/// A listening wire.
#[derive(Debug)]
pub(super) struct Wire {
    trouble: watch::Sender<Trouble>,
    /// Where it listens.
    pub(super) port: u16,
}

impl Wire {
    /// Listens, and passes what comes to a port of this machine and back.
    pub(super) async fn to(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let own = listener.local_addr()?.port();
        let (trouble, felt) = watch::channel(Trouble::Nothing);
        tokio::spawn(async move {
            let pieces = Arc::<AtomicU64>::default();
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(pass(near, port, felt.clone(), pieces.clone()));
            }
        });
        Ok(Self { trouble, port: own })
    }

    /// Makes trouble from now on.
    pub(super) fn trouble(&self, trouble: Trouble) {
        self.trouble.send_replace(trouble);
    }
}

async fn pass(
    near: TcpStream,
    port: u16,
    trouble: watch::Receiver<Trouble>,
    pieces: Arc<AtomicU64>,
) -> io::Result<()> {
    near.set_nodelay(true)?;
    let far = TcpStream::connect(("127.0.0.1", port)).await?;
    far.set_nodelay(true)?;
    let ((mut from_near, to_near), (from_far, mut to_far)) = (near.into_split(), far.into_split());
    // Either end closes both.
    tokio::select! {
        done = tokio::io::copy(&mut from_near, &mut to_far) => done.map(drop),
        done = answers(from_far, to_near, &trouble, &pieces) => done,
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    trouble: &watch::Receiver<Trouble>,
    pieces: &AtomicU64,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut buffer).await?;
        let piece = buffer.get(..read).unwrap_or_default();
        let now = *trouble.borrow();
        match now {
            _ if piece.is_empty() => return Ok(()),
            Trouble::Nothing => {}
            Trouble::Slow(by) => tokio::time::sleep(by).await,
            Trouble::Cut { percent } => {
                if is_cut(pieces.fetch_add(1, Ordering::Relaxed), percent) {
                    let half = piece.get(..read / 2).unwrap_or_default();
                    return to.write_all(half).await;
                }
            }
        }
        to.write_all(piece).await?;
    }
}

/// Tells whether the nth piece is cut: the same ones in every run, spread evenly.
fn is_cut(n: u64, percent: u64) -> bool {
    (n + 1) * percent / 100 > n * percent / 100
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::{Trouble, Wire, is_cut};

    #[test]
    fn as_many_are_cut_as_asked_for() {
        for percent in [0, 1, 30, 100] {
            let cut = (0..1000).filter(|n| is_cut(*n, percent)).count();
            assert_eq!(cut as u64, percent * 10);
        }
    }

    /// Sends to an echo through the wire, and returns what came back and after how long.
    async fn echoed(wire: &Wire) -> (Vec<u8>, Duration) {
        let mut stream = TcpStream::connect(("127.0.0.1", wire.port)).await.unwrap();
        let begun = Instant::now();
        stream.write_all(b"12345678").await.unwrap();
        let mut buffer = [0; 8];
        let mut read = 0;
        while let Ok(more) = stream.read(&mut buffer[read..]).await
            && more > 0
        {
            read += more;
        }
        (buffer[..read].to_vec(), begun.elapsed())
    }

    #[tokio::test]
    async fn it_passes_is_slow_and_cuts() {
        let echo = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Wire::to(echo.local_addr().unwrap().port()).await.unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = echo.accept().await {
                tokio::spawn(async move {
                    let mut buffer = [0; 8];
                    stream.read_exact(&mut buffer).await.unwrap();
                    stream.write_all(&buffer).await.unwrap();
                });
            }
        });
        assert_eq!(echoed(&wire).await.0, b"12345678");
        let slow = Duration::from_millis(100);
        wire.trouble(Trouble::Slow(slow));
        let (whole, took) = echoed(&wire).await;
        assert!(whole == b"12345678" && took >= slow);
        wire.trouble(Trouble::Cut { percent: 100 });
        assert_eq!(echoed(&wire).await.0, b"1234");
    }
}
