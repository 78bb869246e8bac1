//! What the service is told by its environment.

use std::{fmt, net::SocketAddr, path::PathBuf};

use service_kit::{
    BearerKey, EdgeKey,
    env::{self, EnvError},
};

/// The service's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`, required; the index is the folder `index` in it.
    pub data_dir: PathBuf,
    /// `ASTERISM_STORIES_URL`, required; the base of the stories service.
    pub stories_url: String,
    /// Where vectors come from; without it there is no search by meaning.
    pub model: Option<Model>,
    /// `ASTERISM_VECTORS`: the file of vectors that were made before, by default in the data folder.
    pub vectors: PathBuf,
    /// Who may see insights: holders of `ASTERISM_ANALYST_KEY`, and of whom a gateway with
    /// `ASTERISM_EDGE_KEY` says that they are analysts.
    pub analyst_key: Option<BearerKey>,
    /// `ASTERISM_EDGE_KEY`: by which programs of the site read the outbox; nobody does without it.
    pub edge_key: Option<EdgeKey>,
}

/// Where vectors come from.
#[derive(Clone)]
pub enum Model {
    /// `ASTERISM_MODEL_DIR`: the folder of all-MiniLM-L6-v2, run in this process.
    Local(PathBuf),
    /// An endpoint that speaks the protocol of `OpenAI`.
    Provider {
        /// `ASTERISM_EMBEDDINGS_URL`: before `/v1/embeddings`.
        url: String,
        /// `ASTERISM_EMBEDDINGS_KEY`.
        key: Option<String>,
        /// `ASTERISM_EMBEDDINGS_MODEL`.
        model: String,
    },
}

/// A key is never shown.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(folder) => f.debug_tuple("Local").field(folder).finish(),
            Self::Provider { url, model, .. } => f
                .debug_struct("Provider")
                .field("url", url)
                .field("model", model)
                .finish_non_exhaustive(),
        }
    }
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        let data_dir = env::data_dir()?;
        let vectors = env::parsed("ASTERISM_VECTORS", "a file")?;
        Ok(Self {
            listen: env::listen()?,
            model: Model::from_env()?,
            vectors: vectors.unwrap_or_else(|| data_dir.join("vectors.sqlite")),
            analyst_key: BearerKey::from_env("analyst", "ASTERISM_ANALYST_KEY")?,
            edge_key: EdgeKey::from_env()?,
            data_dir,
            stories_url: env::required(
                "ASTERISM_STORIES_URL",
                "the stories service, such as http://127.0.0.1:8082",
            )?,
        })
    }
}

impl Model {
    /// A provider's address counts for more than a folder.
    fn from_env() -> Result<Option<Self>, EnvError> {
        if let Some(url) = env::parsed("ASTERISM_EMBEDDINGS_URL", "a URL")? {
            let key = env::parsed("ASTERISM_EMBEDDINGS_KEY", "a secret")?;
            let model =
                env::required("ASTERISM_EMBEDDINGS_MODEL", "the name of the provider's model")?;
            return Ok(Some(Self::Provider { url, key, model }));
        }
        Ok(env::parsed("ASTERISM_MODEL_DIR", "the folder of a model")?.map(Self::Local))
    }
}
