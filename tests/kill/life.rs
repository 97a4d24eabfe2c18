//! A release from its install on, upgrade by upgrade: once undisturbed, and once
//! for each request at which its runs may be killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};

use super::chapter::{Chapter, Fate};
use super::snapshot::{self, Snapshot, Theirs};
use super::stroke::{Moment, Stroke};
use super::tally::Tally;
use crate::common::api_server::ApiServer;
use crate::proxy::Proxy;
use crate::proxy::job::Job;
use crate::proxy::release::Release;
use crate::proxy::upstream::Upstream;

/// Lives at a time: each mostly waits for a process.
const WIDTH: usize = 8;

/// What an undisturbed chapter leads to.
struct Model {
    requests: usize,
    once: Snapshot,
    /// After another run, which has nothing to do and so less to tell.
    twice: Snapshot,
}

/// A release whose runs are killed at one and the same request, with `width` requests in flight.
struct Life {
    release: Release,
    request: usize,
    stroke: Arc<Stroke>,
    proxy: Proxy,
    width: &'static str,
    /// Where and when it is, for who reads that something is not as it should be.
    place: String,
}

/// Kills the run of each chapter at each of its requests, one life for each; what follows in that life must be as if nothing
/// had happened.
pub async fn assert_a_kill_leaves_no_trace(name: &str, chapters: &[Chapter], moment: Moment, width: &'static str) {
    let server = ApiServer::shared("kill");
    let client = Upstream::to(server).await.client();
    let life = async |request| {
        let release = Release::open(server, client.clone(), format!("{name}-{request}")).await;
        Life::of(release, moment, request, width).await
    };
    let models = life(usize::MAX).await.undisturbed(chapters).await;
    let most = models.iter().map(|model| model.requests).max().unwrap();
    // One more than there are: nothing is killed then.
    let lives = stream::iter(1..=most + 1).map(|request| {
        let (life, models) = (&life, &models);
        async move { life(request).await.disturbed(chapters, models).await }
    });
    let kills: Vec<usize> = lives.buffered(WIDTH).collect().await;
    let killed = chapters.iter().zip(&models).filter(|(chapter, _)| chapter.fate != Fate::Undisturbed);
    let requests: usize = killed.map(|(_, model)| model.requests).sum();
    assert_eq!((kills.iter().sum(), kills.last()), (requests, Some(&0)));
}

impl Life {
    async fn of(release: Release, moment: Moment, request: usize, width: &'static str) -> Self {
        let stroke = Stroke::at(moment);
        let falling = stroke.clone();
        let proxy = release.proxy(move |asked| falling.fall(asked)).await;
        let place = format!("killed at request {request} ({moment:?})");
        Self { release, request, stroke, proxy, width, place }
    }

    /// A run that has time: a request that is made again, since the machine is busy, would count twice.
    fn job(&self, input: &Path) -> Job {
        self.release.job(input).env("SC_JOB_CONCURRENCY", self.width).within(120).timing_out_after(90)
    }

    /// A run that may be killed.
    fn fated(&self, input: &Path) -> Job {
        self.stroke.arm(self.request);
        self.job(input).through(&self.proxy)
    }

    async fn undisturbed(&self, chapters: &[Chapter]) -> Vec<Model> {
        let mut models = Vec::new();
        for chapter in chapters {
            let input = chapter.begin(&self.release).await;
            let before = snapshot::of(&self.release).await.1;
            let done = self.fated(&input).run().await.expect(0);
            for words in chapter.says {
                let words = self.release.fill(words);
                assert!(done.stderr.contains(&words), "{}: {words}\nis not in\n{}", chapter.name, done.stderr);
            }
            let requests = self.stroke.asked();
            let once = self.left(chapter, &before).await;
            assert_eq!(once.ours(), chapter.leaves, "{}", chapter.name);
            once.assert_inventory_is_true();
            assert_eq!(once.operations(), chapter.records, "{}", chapter.name);
            self.job(&input).run().await.expect(0);
            let twice = self.left(chapter, &before).await;
            let differences = once.without_summary().differences(&twice.without_summary());
            assert_eq!(differences, BTreeMap::new(), "{}", chapter.name);
            models.push(Model { requests, once, twice });
        }
        models
    }

    /// How many runs were killed in it.
    async fn disturbed(&self, chapters: &[Chapter], models: &[Model]) -> usize {
        let mut kills = 0;
        for (chapter, model) in chapters.iter().zip(models) {
            let input = chapter.begin(&self.release).await;
            let before = snapshot::of(&self.release).await.1;
            if chapter.fate != Fate::Undisturbed {
                let ended = self.fated(&input).start().end_unless(self.stroke.has_come()).await;
                kills += usize::from(ended.map(|ended| ended.expect(0)).is_none());
                self.proxy.settle().await;
                self.release.give_lease_back().await;
            }
            if chapter.fate == Fate::Abandoned {
                self.left(chapter, &before).await;
                continue;
            }
            let planned = self.release.plan(&input).await;
            let done = self.job(&input).run().await.expect(0);
            let place = format!("{}, {}", chapter.name, self.place);
            assert!(!done.stderr.contains("another run is at work"), "{place}: {}", done.stderr);
            assert_eq!(Tally::of_plan(&planned), Tally::of_run(&done), "{place}: what was planned, and what was done");
            let now = self.left(chapter, &before).await;
            if now != model.twice {
                assert_eq!(now.differences(&model.once), BTreeMap::new(), "{place}");
            }
            self.release.plan(&input).await.expect(0);
        }
        kills
    }

    /// What a run has left; what others have is as it was before.
    async fn left(&self, chapter: &Chapter, before: &Theirs) -> Snapshot {
        let (now, theirs) = snapshot::of(&self.release).await;
        assert_eq!(theirs, *before, "{}, {}: what others have", chapter.name, self.place);
        now
    }
}
