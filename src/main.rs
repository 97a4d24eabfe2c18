//! The process: words, runtime, signals, exit code.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use sc_job::cli::{Cli, Command, Compared, Output};
use sc_job::connections::Declared;
use sc_job::connections::form::Form;
use sc_job::error::{Code, Fault};
use sc_job::exit::Exit;
use sc_job::preview::{Preview, View};
use sc_job::release::Release;
use sc_job::report::termination;
use sc_job::run::Run;
use sc_job::settings::{LogFormat, LogLevel, Settings};
use sc_job::{explain, input, remarks, render, survey, targets, telemetry};
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // The message is left out: it may quote a value.
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let fault = Fault::run(Code::Internal, format!("panic at {place}"));
        if tracing::dispatcher::has_been_set() {
            refuse(&[fault]);
        } else {
            termination::leave(&fault.to_string());
            eprintln!("{fault}");
        }
        std::process::exit(i32::from(Exit::Internal.code()));
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(words) => {
            let exit = if words.use_stderr() { Exit::Usage } else { Exit::Done };
            // A closed pipe is the reader's choice.
            let _ = words.print();
            return ExitCode::from(exit.code());
        }
    };
    let exit = match cli.command {
        None => run(),
        Some(Command::Render { values, show_secrets, release }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            print(objects(&values, &release.into(), show_secrets))
        }
        Some(Command::Plan(compared)) => compare(compared, View::Plan),
        Some(Command::Check(compared)) => compare(compared, View::Check),
        Some(Command::Targets { name, output }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            let text = match output {
                Output::Text => targets::text(name.as_deref()),
                Output::Json => targets::json(name.as_deref()),
            };
            print(text.map_err(|fault| vec![fault]))
        }
        Some(Command::Explain { code, output }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            let text = match output {
                Output::Text => explain::text(code),
                Output::Json => explain::json(code),
            };
            print(text.map_err(|fault| vec![fault]))
        }
    };
    ExitCode::from(exit.code())
}

fn run() -> Exit {
    let settings = match Settings::from_env() {
        Ok(settings) => settings,
        Err(fault) => {
            telemetry::init(LogLevel::Info, LogFormat::from_env());
            return refuse(&[fault]);
        }
    };
    telemetry::init(settings.log_level, settings.log_format);
    on_runtime(supervise(settings))
}

fn on_runtime(work: impl Future<Output = Exit>) -> Exit {
    // Both crypto providers of rustls may be in the build; the first call must name one. A second call cannot fail harmfully.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => refuse(&[Fault::run(Code::Internal, format!("the runtime cannot be started: {error}"))]),
    }
}

/// What a run would do to the cluster, for a person or for `helm test`.
fn compare(compared: Compared, view: View) -> Exit {
    let Compared { values, release, output } = compared;
    let settings = match Settings::of_viewer(&values, &release.into()) {
        Ok(settings) => settings,
        Err(fault) => {
            telemetry::init(LogLevel::Info, LogFormat::from_env());
            return refuse(&[fault]);
        }
    };
    telemetry::init(settings.log_level, settings.log_format);
    on_runtime(async {
        let mut stopped = match Stop::listen() {
            Ok(stop) => stop,
            Err(fault) => return refuse(&[fault]),
        };
        let preview = tokio::select! {
            preview = preview(&settings, view) => preview,
            fault = stopped.received() => Err(vec![fault]),
        };
        match preview {
            Ok(preview) => {
                let text = match output {
                    Output::Text => preview.text(view),
                    Output::Json => preview.json(),
                };
                match print(text.map_err(|fault| vec![fault])) {
                    Exit::Done => preview.exit(),
                    failed => failed,
                }
            }
            Err(faults) => refuse(&faults),
        }
    })
}

async fn preview(settings: &Settings, view: View) -> Result<Preview, Vec<Fault>> {
    let documents = if settings.input.is_dir() {
        input::mounted(settings).await?.documents
    } else {
        input::values(&settings.input).map_err(|fault| vec![fault])?
    };
    let mut declared = survey::declared(settings, documents)?;
    Preview::of(settings, &mut declared, view).await.map_err(|fault| vec![fault])
}

/// Being told to end. As the first process of its container the job is deaf to signals that it does not ask for.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> Result<Self, Fault> {
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(terminate), Ok(interrupt)) => Ok(Self { terminate, interrupt }),
            _ => Err(Fault::run(Code::Internal, "signals cannot be received")),
        }
    }

    async fn received(&mut self) -> Fault {
        let signal = tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        };
        Fault::run(Code::Interrupted, format!("{signal} was received"))
    }
}

/// The run, its deadline and the signals: whatever comes first ends it.
async fn supervise(settings: Settings) -> Exit {
    let deadline = settings.deadline();
    let run = Run::new(settings);
    let mut stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(fault) => return refuse(&[fault]),
    };
    run.ended(tokio::select! {
        ended = run.work() => ended,
        () = tokio::time::sleep(deadline) => Err(vec![run.out_of_time()]),
        fault = stop.received() => Err(vec![fault]),
    });
    tokio::select! {
        () = run.record() => {}
        fault = stop.received() => run.ended(Err(vec![fault])),
    }
    run.give_back(stop.received()).await;
    run.conclude()
}

fn objects(values: &Path, release: &Release, show_secrets: bool) -> Result<String, Vec<Fault>> {
    input::values(values)
        .map_err(|fault| vec![fault])
        .and_then(|documents| Declared::check(documents, release))
        .inspect(|declared| {
            remarks::on(declared);
            remarks::on_values(declared, Form::literal);
        })
        .and_then(|declared| render::objects(&declared, release, show_secrets).map_err(|fault| vec![fault]))
}

/// Shows what was asked for. A closed pipe is the reader's choice.
fn print(text: Result<String, Vec<Fault>>) -> Exit {
    let text = match text {
        Ok(text) => text,
        Err(faults) => return refuse(&faults),
    };
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let cause = format!("standard output cannot be written: {error}");
            refuse(&[Fault::run(Code::Internal, cause).remedy("write it to where there is room")])
        }
        _ => Exit::Done,
    }
}

/// Tells faults that keep the work from starting.
fn refuse(faults: &[Fault]) -> Exit {
    termination::leave(&faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    let exit = faults.first().map_or(Exit::Internal, |fault| Exit::of(fault.code()));
    for fault in faults {
        tracing::error!(exit = exit.code(), code = %fault.code(), "{fault}");
    }
    exit
}
