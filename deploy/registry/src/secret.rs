//! Randomness from the system.

use crate::RegistryError;

/// Returns `N` random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], RegistryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RegistryError::NoRandomness(error.to_string()))?;
    Ok(bytes)
}
