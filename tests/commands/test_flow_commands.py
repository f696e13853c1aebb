"""check-flows, try-flow and draw-flow, as a programme manager meets them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.commands.flows import check_flows, draw_flow_command, try_flow
from tests.core.sample_tree import SAMPLE

ROOT = Path(__file__).parents[2]


def run(command, *words, root=SAMPLE, typed=None):
    return CliRunner().invoke(command, [*words, "--root", str(root)], input=typed)


@pytest.fixture
def real_tree(tmp_path):
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    (tmp_path / "audio").mkdir()
    shutil.copy(ROOT / "audio" / "prompts.yaml", tmp_path / "audio")
    return tmp_path


def test_the_flows_of_this_line_are_proved(real_tree):
    result = run(check_flows, root=real_tree)
    assert result.exit_code == 0, result.output
    assert "no fault" in result.output


def test_the_listening_to_an_open_case_is_told_in_seconds(real_tree):
    output = run(check_flows, root=real_tree).output
    assert "listening (km) from answer to an open missing-child case:" in output
    assert "s hearing all out" in output
    assert "s pressing as soon as the key is told (at most 60, aim 25)" in output


def test_faults_of_shape_end_with_an_error_each_on_its_line(real_tree):
    flow = real_tree / "flows" / "main.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("go: menu", "go: meny"), "utf-8")
    result = run(check_flows, root=real_tree)
    assert result.exit_code == 1
    told = [line for line in result.output.splitlines() if line.startswith("flows/main.yaml:")]
    assert told
    assert all("the step 'meny' is not known; did you mean 'menu'?" in line for line in told)


def test_faults_of_proof_end_with_an_error_too(real_tree):
    flow = real_tree / "flows" / "main.yaml"
    lonely = "\n  lonely: {say: V_GOODBYE, end: true}\n"
    flow.write_text(flow.read_text(encoding="utf-8") + lonely, "utf-8")
    result = run(check_flows, root=real_tree)
    assert result.exit_code == 1
    assert "lonely: nobody reaches this step;" in result.output


def test_a_flow_is_played_in_the_terminal_to_its_end():
    result = run(try_flow, "--lang", "en", typed="2\n1\n1\n1\n2\n012345678\n1\n")
    assert result.exit_code == 0, result.output
    assert "V_MISSING (3.0 s)" in result.output
    assert "OpenCase(kind='missing_child', priority='P1'" in result.output
    assert result.output.rstrip().endswith("the end")


def test_a_hang_up_may_be_followed_by_another_call():
    output = run(try_flow, typed="1\n1\n1\nh\nr\n1\nq\n").output
    assert "FlagCase(flag='hung_up_early')" in output
    assert "V_RESUME" in output


def test_a_flow_is_played_by_text():
    output = run(try_flow, "callback", "--sms", typed="what\n១\n").output
    assert "the keywords would be asked" in output
    assert "SMS_CALL_OK" in output


def test_a_voice_message_and_silence_are_played_too():
    output = run(try_flow, "job", "--step", "message", typed="v20\ns\n3\n").output
    assert "KeepVoice(recording='try')" in output
    assert "DropVoice(recording='try')" in output


@pytest.mark.parametrize("command", [try_flow, draw_flow_command])
def test_an_unknown_flow_is_told_with_the_known_ones(command):
    result = run(command, "jobs")
    assert result.exit_code == 1
    assert "there is no flow 'jobs'; there are callback, job, main, urgent" in result.output


def test_an_unknown_step_is_told():
    assert "job has no step 'end'" in run(try_flow, "job", "--step", "end").output


def test_a_flow_is_drawn():
    result = run(draw_flow_command, "urgent")
    assert result.exit_code == 0
    assert result.output.startswith("<svg ")
