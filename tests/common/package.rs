//! What a release is made of: a chart, and the image that its Jobs run.

use super::file;

/// A chart as Helm takes it, a directory or an `oci://` reference, and the reference of an image.
pub struct Package {
    pub chart: String,
    pub image: String,
}

impl Package {
    /// Those of this repository.
    pub fn under_test() -> Self {
        Self { chart: file("chart").to_str().unwrap().to_owned(), image: setting("SC_JOB_TEST_IMAGE") }
    }

    /// The arguments by which Helm installs the one with the other.
    pub fn args(&self) -> [String; 3] {
        let (name, image) = match self.image.split_once('@') {
            Some((name, digest)) => (name.rsplit_once(':').unwrap().0, format!("digest={digest}")),
            None => self.image.rsplit_once(':').map(|(name, tag)| (name, format!("tag={tag}"))).unwrap(),
        };
        let (registry, repository) = name.split_once('/').unwrap();
        let settings = format!("image.registry={registry},image.repository={repository},image.{image}");
        [self.chart.clone(), "--set".to_owned(), settings]
    }
}

/// A setting of the environment that scripts/test makes.
pub fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; run scripts/test"))
}
