//! `claviger risk`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::{Context, Failure, evaluation, models, replay};

/// What is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Evaluated {
    /// The model of sign-ins.
    Signins,
    /// Those of orders.
    Orders,
}

#[derive(Subcommand)]
pub(super) enum RiskCommand {
    /// Goes through made-up histories of sign-ins and orders, with attackers, and says how the models do, beside what was published and beside plain baselines. Needs neither configuration nor database.
    #[command(after_help = "Examples:\n  claviger risk eval\n  claviger risk eval --people 30000 --seed 11 --json\n  claviger risk eval --only orders --svg charts")]
    Eval {
        /// How many customers.
        #[arg(long, default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(100..=200_000))]
        people: u32,
        /// Which history.
        #[arg(long, default_value_t = 11)]
        seed: u64,
        /// Only one of both.
        #[arg(long)]
        only: Option<Evaluated>,
        /// Writes the curves into this folder, as SVG.
        #[arg(long, value_name = "FOLDER")]
        svg: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Computes the decisions over past sign-ins anew, by model and policy of the configuration, and says where they differ from what was decided. With `--set` it tries a policy before it counts.
    #[command(
        after_help = "Examples:\n  claviger risk replay --days 30\n  claviger --set risk.high=deny risk replay --json\n  claviger --set risk.orders_review=900 risk replay --orders"
    )]
    Replay {
        /// How far back.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=400))]
        days: u32,
        /// Orders instead of sign-ins: by the policy and the rules of the configuration.
        #[arg(long)]
        orders: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says why a decision over a sign-in or an order was what it was.
    #[command(after_help = "Example:\n  claviger risk explain dec_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    Explain {
        /// Its id.
        id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Trains boosted trees on what became of the shop's orders, measures them on the latest of these, and keeps them. They decide nothing until they are activated.
    #[command(after_help = "Example:\n  claviger risk train")]
    Train {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lists the models of orders, how they did, and which of them decides.
    #[command(after_help = "Example:\n  claviger risk models --json")]
    Models {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Has a model decide over orders: trained trees by their version, or `online`, the regression that learns from each order.
    #[command(after_help = "Examples:\n  claviger risk activate trees-12\n  claviger risk activate online")]
    Activate {
        /// The version.
        version: String,
    },
    /// Has the model before decide again.
    #[command(after_help = "Example:\n  claviger risk rollback")]
    Rollback,
}

pub(super) fn execute(context: &Context, command: &RiskCommand) -> Result<(), Failure> {
    match command {
        RiskCommand::Eval { people, seed, only, svg, json } => {
            evaluation::eval(&evaluation::Wanted { people: *people, seed: *seed, only: *only, svg: svg.as_deref(), is_json: *json })
        }
        RiskCommand::Replay { days, orders: true, json } => replay::replay_orders(context, *days, *json),
        RiskCommand::Replay { days, orders: false, json } => replay::replay(context, *days, *json),
        RiskCommand::Explain { id, json } => replay::explain(context, id, *json),
        RiskCommand::Train { json } => models::train(context, *json),
        RiskCommand::Models { json } => models::list(context, *json),
        RiskCommand::Activate { version } => models::activate(context, version),
        RiskCommand::Rollback => models::roll_back(context),
    }
}
