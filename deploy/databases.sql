-- One database a stage: their tables have the same names.
CREATE DATABASE stage1 OWNER school;
CREATE DATABASE stage2 OWNER school;
CREATE DATABASE stage3 OWNER school;
CREATE DATABASE stage4 OWNER school;
