//! all-MiniLM-L6-v2 in this process, through candle.
//!
//! The model (Apache-2.0) is the one of sentence-transformers: BERT with six layers, the mean of the
//! tokens' last hidden states, scaled to length 1
//! (<https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>). Not here: how its files come to the
//! machine; `asterism model pull` does that.

use std::{collections::HashMap, fmt, fs, path::Path};

use candle_core::{DType, Device, Tensor, safetensors};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

use super::{EmbedError, Embedder, threads::Threads};

/// What the vectors of this model are called; vectors of another are never compared with them.
const ID: &str = "all-MiniLM-L6-v2";
/// Length of a vector.
const DIMENSIONS: usize = 384;
/// Further tokens are cut off: the model was trained on at most as many.
const MOST_TOKENS: usize = 256;
/// Texts in one forward pass; more only use more memory.
const BATCH: usize = 16;

/// The model, its weights in memory.
pub struct MiniLm {
    model: BertModel,
    tokenizer: Tokenizer,
    queries: Threads,
    passages: Threads,
}

impl fmt::Debug for MiniLm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MiniLm(…)")
    }
}

impl MiniLm {
    /// Loads `config.json`, `tokenizer.json` and `model.safetensors` from a folder.
    ///
    /// # Errors
    /// A file is missing or is not what it should be.
    pub fn load(folder: &Path) -> Result<Self, EmbedError> {
        let config = fs::read(folder.join("config.json")).map_err(EmbedError::load)?;
        let config: Config = serde_json::from_slice(&config).map_err(EmbedError::load)?;
        let mut tokenizer =
            Tokenizer::from_file(folder.join("tokenizer.json")).map_err(EmbedError::load)?;
        let truncation =
            TruncationParams { max_length: MOST_TOKENS, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(EmbedError::load)?;
        tokenizer.with_padding(Some(PaddingParams::default()));
        let weights = fs::read(folder.join("model.safetensors")).map_err(EmbedError::load)?;
        let weights = safetensors::load_buffer(&weights, &Device::Cpu).and_then(by_columns);
        let weights = weights.map_err(EmbedError::load)?;
        let weights = VarBuilder::from_tensors(weights, DType::F32, &Device::Cpu);
        let model = BertModel::load(weights, &config).map_err(EmbedError::load)?;
        let start = |name| Threads::start(name).map_err(EmbedError::load);
        let (queries, passages) = (start("query")?, start("passages")?);
        Ok(Self { model, tokenizer, queries, passages })
    }

    fn forward(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let encodings =
            self.tokenizer.encode_batch(texts.to_vec(), true).map_err(EmbedError::compute)?;
        let rows = encodings.len();
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        for encoding in &encodings {
            ids.extend_from_slice(encoding.get_ids());
            mask.extend_from_slice(encoding.get_attention_mask());
        }
        self.pooled(ids, mask, rows).map_err(EmbedError::compute)
    }

    fn pooled(
        &self,
        ids: Vec<u32>,
        mask: Vec<u32>,
        rows: usize,
    ) -> candle_core::Result<Vec<Vec<f32>>> {
        let shape = (rows, ids.len() / rows.max(1));
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        // Padding must not count in the mean.
        let weights = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let sum = hidden.broadcast_mul(&weights)?.sum(1)?;
        let length = sum.sqr()?.sum_keepdim(1)?.sqrt()?;
        sum.broadcast_div(&length)?.to_vec2()
    }
}

/// Lays the matrices that texts are multiplied with out by columns, as the multiplication of a few rows reads
/// them. Laid out by rows, each would be copied anew for every text, which takes longer than the rest.
fn by_columns(weights: HashMap<String, Tensor>) -> candle_core::Result<HashMap<String, Tensor>> {
    let lay_out = |(name, weight): (String, Tensor)| {
        let is_matrix = weight.rank() == 2 && !name.contains("embeddings");
        let weight = if is_matrix { weight.t()?.contiguous()?.t()? } else { weight };
        Ok((name, weight))
    };
    weights.into_iter().map(lay_out).collect()
}

impl Embedder for MiniLm {
    fn id(&self) -> &str {
        ID
    }

    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    /// The model's vocabulary holds the thirty thousand most frequent words whole.
    fn knows(&self, word: &str) -> bool {
        self.tokenizer.token_to_id(word).is_some()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        // A query does not queue behind passages.
        if texts.len() == 1 {
            return self.queries.run(|| self.forward(texts));
        }
        // Texts of like length together: a batch is padded to its longest.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&index| texts[index].len());
        let batches: Vec<&[usize]> = order.chunks(BATCH).collect();
        let made = self.passages.map(&batches, |batch| {
            let texts: Vec<&str> = batch.iter().map(|&index| texts[index]).collect();
            self.forward(&texts)
        });
        let mut vectors = vec![Vec::new(); texts.len()];
        for (batch, made) in batches.iter().zip(made) {
            for (&index, vector) in batch.iter().zip(made?) {
                vectors[index] = vector;
            }
        }
        Ok(vectors)
    }
}
