@echo off
rem Ad Copy without a webui. Usage: adcopy.bat [studio options] ^| test ^| a command of python -m lib_adcopy
setlocal
cd /d "%~dp0"
rem What is installed for what it carries and not for what it depends on.
set BARE=lib_adcopy\hosts\standalone\no-deps.txt
set PY=
if defined ADCOPY_PYTHON set PY="%ADCOPY_PYTHON%"
for %%V in (3.11 3.10 3.12) do if not defined PY (
    py -%%V -c "import venv" >nul 2>nul && set PY=py -%%V
)
if not defined PY python -c "import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set PY=python
if not defined PY (
    echo Ad Copy needs Python 3.10 to 3.13: https://www.python.org/downloads/
    exit /b 2
)
if "%~1"=="test" goto test
call :environment .venv lib_adcopy\hosts\standalone\requirements.txt %BARE% || exit /b 1
set FIRST=%~1
if "%FIRST%"=="" goto studio
if "%FIRST:~0,1%"=="-" goto studio
.venv\Scripts\python -m lib_adcopy %*
exit /b %errorlevel%

:studio
.venv\Scripts\python -m lib_adcopy studio --browser %*
exit /b %errorlevel%

:test
call :environment .venv-test-a1111 tests\requirements\a1111.txt tests\requirements\common.txt || exit /b 1
.venv-test-a1111\Scripts\python -m ruff check . || exit /b 1
.venv-test-a1111\Scripts\python -m mypy || exit /b 1
.venv-test-a1111\Scripts\python -m pytest tests || exit /b 1
call :environment .venv-test-forge tests\requirements\forge.txt tests\requirements\common.txt || exit /b 1
.venv-test-forge\Scripts\python -m pytest tests\ui tests\hosts tests\golden
exit /b %errorlevel%

rem :environment FOLDER REQUIREMENTS MORE: made once, and again when what it needs has changed. REQUIREMENTS is
rem installed; MORE is a file that it includes.
:environment
set NEEDS=%TEMP%\adcopy-needs-%RANDOM%.txt
copy /y /b "%~2"+"%~3"+"%BARE%" "%NEEDS%" >nul || exit /b 1
fc /b "%NEEDS%" "%~1\.made-for" >nul 2>nul && del "%NEEDS%" && exit /b 0
echo Ad Copy: preparing %~1 (once; this takes a few minutes)
if not exist "%~1\Scripts\python.exe" %PY% -m venv "%~1" || exit /b 1
"%~1\Scripts\python" -m pip install --quiet --disable-pip-version-check -r "%~2" || exit /b 1
"%~1\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-deps -r %BARE% || exit /b 1
move /y "%NEEDS%" "%~1\.made-for" >nul
exit /b 0
