//! tuning
#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use std::{collections::{HashMap, HashSet, BTreeMap}, env, fs};
use mfe_ask_api::{Candidate, Confidence};
use mfe_ask_service::*;
use serde_json::Value;
fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let stories: Vec<Story> = fs::read_to_string(&args[0]).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let clients: HashMap<String, (String,bool,String)> = stories.iter().map(|s| (s.id.clone(), (s.client.clone(), s.client_kind==ClientKind::Named, s.project.clone()))).collect();
    let corpus = Corpus::new(stories);
    let retrieved: Value = serde_json::from_str(&fs::read_to_string(&args[1]).unwrap()).unwrap();
    let found = |q: &str| -> Option<Found> { let r = retrieved.get(q)?; Some(Found { candidates: r["hits"].as_array().unwrap().iter().map(|h| Candidate { id: h["id"].as_str().unwrap().into(), score: h["score"].as_f64().unwrap() }).collect(), confidence: match r["confidence"].as_str().unwrap() { "high" => Confidence::High, "low" => Confidence::Low, _ => Confidence::None } }) };
    let mut tally: BTreeMap<String,(usize,usize)> = BTreeMap::new();
    for file in &args[2..] { for l in fs::read_to_string(file).unwrap().lines() {
        let r: Value = serde_json::from_str(l).unwrap();
        let kind = r["kind"].as_str().unwrap().to_owned();
        if r.get("surface").is_some_and(|s| s != "ask") || ["out-of-scope","personal","nonsense","injection"].contains(&kind.as_str()) { continue; }
        let q = r["query"].as_str().unwrap();
        let mut turns = vec![];
        if let Some(before) = r.get("before").and_then(Value::as_str) {
            let p = plan(&corpus, &Question { text: before.into(), ..Default::default() }, &found(before).unwrap_or(Found{candidates:vec![],confidence:Confidence::None}), &HashSet::new());
            let mut ids = vec![]; for d in &p.drafts { if !ids.contains(&d.story) { ids.push(d.story.clone()); } }
            turns.push(Turn { question: before.into(), stories: ids });
        }
        let s = rewrite(&corpus, q, &turns);
        let f = found(&s.search).or_else(|| found(q)).unwrap_or(Found{candidates:vec![],confidence:Confidence::None});
        if s.changed { println!("   understood {} {:?}", s.search, s.pinned); }
        let p = plan(&corpus, &Question { text: s.words.clone(), pinned: s.pinned.clone(), ..Default::default() }, &f, &HashSet::new());
        let mut ids: Vec<String> = vec![]; if p.confidence != Confidence::None { for d in &p.drafts { if !ids.contains(&d.story) { ids.push(d.story.clone()); } } }
        let text = p.drafts.iter().map(|d| d.text.clone()).collect::<Vec<_>>().join(" ");
        let rel = r["relevant"].as_object().unwrap();
        let e = &r["expect"];
        let mut bad = vec![];
        if e.get("low_confidence").is_some() { if p.confidence == Confidence::High { bad.push("high".into()); } }
        else {
            if ids.is_empty() { bad.push("refused".into()); }
            if !rel.is_empty() && !ids.iter().any(|i| rel.get(i).is_some_and(|g| g.as_u64().unwrap_or(0)>=2)) { bad.push("not relevant".into()); }
            if let Some(a) = e.get("answer_contains").and_then(Value::as_array) { for a in a { if !text.contains(a.as_str().unwrap()) { bad.push(format!("no {a}")); } } }
            if let Some(c) = e.get("client").and_then(Value::as_str) { if !ids.iter().all(|i| clients[i].0 == c) { bad.push("scope".into()); } }
            if let Some(c) = e.get("project").and_then(Value::as_str) { if !ids.iter().all(|i| clients[i].2 == c) { bad.push("scope".into()); } }
            if let Some(n) = e.get("min_clients").and_then(Value::as_u64) { let c: HashSet<_> = ids.iter().filter(|i| clients[*i].1).map(|i| &clients[i].0).collect(); if (c.len() as u64) < n { bad.push(format!("clients {}", c.len())); } }
        }
        let t = tally.entry(kind.clone()).or_default(); t.1 += 1; if bad.is_empty() { t.0 += 1; }
        println!("{} {kind} {q}\n   {:?}/{:?} {:.2} {:?} {}", if bad.is_empty() {"ok "} else {"BAD"}, p.confidence, f.confidence, p.coverage, bad, ids.iter().map(|i| format!("{i}:{:.2}", p.scores[i])).collect::<Vec<_>>().join(" "));
        if !bad.is_empty() { println!("   {text}"); }
    } }
    for (k,(a,b)) in tally { println!("{k}: {a}/{b}"); }
}
