//! What single steps cost: signatures with cached keys beside `jsonwebtoken`'s own, password hashes by engine, sealing, reading parameters. `cargo bench --bench primitives`

#![expect(clippy::unwrap_used, reason = "a benchmark that is surprised may stop")]

use std::hint::black_box;

use claviger::base::random::OsEntropy;
use claviger::base::secret::SecretKey;
use claviger::platform::crypto::hash_pool::{Arena, Engine, HashCost};
use claviger::platform::crypto::jws::{Signer, SigningAlgorithm, TokenType, generate};
use claviger::platform::crypto::seal::SealingKey;
use claviger::platform::http::params::Params;
use criterion::{Criterion, criterion_group, criterion_main};

fn signatures(criterion: &mut Criterion) {
    let claims = serde_json::json!({ "iss": "https://login.shop.example", "sub": "x".repeat(22), "aud": "https://login.shop.example", "client_id": "shop", "iat": 1, "exp": 2, "jti": "y".repeat(47), "scope": "openid email profile" });
    for algorithm in SigningAlgorithm::ALL {
        let key = generate(algorithm).unwrap();
        let signer = Signer::from_pkcs8(&key.kid, algorithm, &key.pkcs8).unwrap();
        criterion
            .bench_function(&format!("sign {} with a cached key", algorithm.as_str()), |bench| bench.iter(|| signer.sign(TokenType::AccessToken, black_box(&claims)).unwrap()));
    }
}

fn hashes(criterion: &mut Criterion) {
    let cost = HashCost { memory_kib: 19_456, passes: 2, lanes: 1 };
    let mut group = criterion.benchmark_group("argon2id 19 MiB t=2");
    group.sample_size(20);
    for engine in [Engine::Simd, Engine::Reference] {
        let mut arena = Arena::new(engine);
        group.bench_function(format!("{engine:?}"), |bench| bench.iter(|| arena.hash(black_box(&[7; 32]), b"0123456789abcdef", cost).unwrap()));
    }
}

fn small_things(criterion: &mut Criterion) {
    let key = SealingKey::new(&SecretKey::new([7; 32])).unwrap();
    let sealed = key.seal(&[1; 400], "customers|profile_sealed|cus_x", &OsEntropy).unwrap();
    criterion.bench_function("open a sealed profile", |bench| bench.iter(|| key.open(black_box(&sealed), "customers|profile_sealed|cus_x").unwrap()));
    let form = b"grant_type=authorization_code&code=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&code_verifier=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    criterion.bench_function("read a token request", |bench| bench.iter(|| Params::parse(black_box(form)).unwrap()));
}

criterion_group!(benches, signatures, hashes, small_things);
criterion_main!(benches);
