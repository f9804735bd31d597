# Recurrent networks, embeddings and attention. SPDX-License-Identifier: GPL-3.0-or-later
from typing import Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 8)
        self.hidden = nn.Linear(8, 8)
        self.decoder = nn.Linear(8, 20, bias=False)
        self.decoder.weight = self.embed.weight

    def forward(self, x):
        return self.decoder(torch.tanh(self.hidden(self.embed(x))))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(24, 4)

    def forward(self, x):
        y, state = self.lstm(x)
        return self.fc(y[:, -1])


class LastState(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(10, 12, batch_first=True)
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][0][-1])


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(10, 12, batch_first=True)
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        y, h = self.gru(x)
        return self.fc(F.leaky_relu(y.mean(1)))


class States(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True)

    def forward(self, x, state: Tuple[torch.Tensor, torch.Tensor]):
        y, (h, c) = self.lstm(x, state)
        return y, h, c


class CellLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(6, 5)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        h = torch.zeros(x.size(0), 5)
        c = torch.zeros(x.size(0), 5)
        for i in range(x.size(1)):
            h, c = self.cell(x[:, i], (h, c))
        return self.fc(h)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu")
        self.enc = nn.TransformerEncoder(layer, 2)
        self.fc = nn.Linear(16, 3)

    def forward(self, x):
        return self.fc(self.enc(x).mean(1))


class Mha(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(16, 2, batch_first=True)

    def forward(self, x):
        return self.attn(x, x, x)[0]


class PreNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)

    def forward(self, x):
        return self.enc(x)


class Rnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(6, 8, 2, nonlinearity="relu", batch_first=True)
        self.cell = nn.GRUCell(8, 4)

    def forward(self, x):
        y, _ = self.rnn(x)
        h = torch.zeros(x.size(0), 4)
        for i in range(3):
            h = self.cell(y[:, i], h)
        return h


class TimeFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        y, (h, c) = self.lstm(x.permute(1, 0, 2))
        return self.fc(y[-1])


class Bag(nn.Module):
    """Three tables: a bag, one with a padding index, one of positions."""

    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(30, 8, mode="mean")
        self.embed = nn.Embedding(30, 8, padding_idx=0)
        self.position = nn.Embedding(64, 8)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        positions = torch.arange(x.size(1))
        return self.fc(self.bag(x) + (self.embed(x) + self.position(positions)).mean(1))


class MaskedEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, 2)
        self.embed = nn.Embedding(50, 16)

    def forward(self, x):
        mask = torch.triu(torch.full((x.size(1), x.size(1)), float("-inf")), 1)
        return self.enc(self.embed(x), mask)


class SequenceFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.TransformerEncoderLayer(16, 4, 32)

    def forward(self, x):
        return self.enc(x.transpose(0, 1)).transpose(0, 1)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dec = nn.TransformerDecoderLayer(16, 4, 32, batch_first=True)

    def forward(self, x, memory):
        return self.dec(x, memory)

